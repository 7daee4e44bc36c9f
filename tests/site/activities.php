<?php
// SCORM activities in the course of a test or demo site, made through the same code as the form uses.
// Reads {"plugin": {setting: value}, "activities": [{"name", "url" or "zip", "settings": {field: value}}]} from standard
// input; answers with the ids of the course and of the course modules, in order.
define('CLI_SCRIPT', true);
require($argv[1]);
require_once($CFG->dirroot . '/course/modlib.php');
require_once($CFG->dirroot . '/mod/scorm/lib.php');

\core\session\manager::set_user(get_admin());
$input = json_decode(stream_get_contents(STDIN), true, 16, JSON_THROW_ON_ERROR);
$course = $DB->get_record('course', ['shortname' => 'meadow'], '*', MUST_EXIST);

foreach ($input['plugin'] ?? [] as $name => $value) {
    set_config($name, $value, 'local_externalscormbridge');
}
\local_externalscormbridge\gateway_options::refresh();

$made = [];
foreach ($input['activities'] as $activity) {
    $source = isset($activity['url'])
        ? ['scormtype' => SCORM_TYPE_EXTERNAL, 'reference' => $activity['url'], 'packageurl' => $activity['url'],
            \local_externalscormbridge\form\package_fields::ACCEPTED => $activity['url']]
        : ['scormtype' => SCORM_TYPE_LOCAL, 'packagefile' => draft($activity['zip'])];
    $added = add_moduleinfo((object) array_merge((array) get_config('scorm'), [
        'modulename' => 'scorm',
        'module' => $DB->get_field('modules', 'id', ['name' => 'scorm'], MUST_EXIST),
        'name' => $activity['name'],
        'introeditor' => ['text' => '', 'format' => FORMAT_HTML, 'itemid' => 0],
        'section' => 1,
        'visible' => 1,
        'cmidnumber' => '',
        'width' => '100%',
        'height' => '500',
        'popup' => 0,
        'completion' => COMPLETION_TRACKING_AUTOMATIC,
        'completionstatusrequired' => 6,
    ], $source, $activity['settings'] ?? []), $course);
    $made[] = (int) $added->coursemodule;
}
echo json_encode(['course' => (int) $course->id, 'cmids' => $made], JSON_THROW_ON_ERROR);

/** Puts a file where the form would have put it. */
function draft(string $path): int {
    global $USER;

    $item = file_get_unused_draft_itemid();
    get_file_storage()->create_file_from_pathname([
        'contextid' => context_user::instance($USER->id)->id,
        'component' => 'user',
        'filearea' => 'draft',
        'itemid' => $item,
        'filepath' => '/',
        'filename' => basename($path),
    ], $path);
    return $item;
}
