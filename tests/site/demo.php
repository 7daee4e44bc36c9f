<?php
// One activity per delivery mode for the demonstration, made through the same code as the form uses.
// Reads {"allow", "contenthost", "delivery", "activities": [{"mode", "title", "url"}]} from standard input.
define('CLI_SCRIPT', true);
require($argv[1]);
require_once($CFG->dirroot . '/course/modlib.php');
require_once($CFG->dirroot . '/mod/scorm/lib.php');

\core\session\manager::set_user(get_admin());
$input = json_decode(stream_get_contents(STDIN), true, 16, JSON_THROW_ON_ERROR);
$course = $DB->get_record('course', ['shortname' => 'meadow'], '*', MUST_EXIST);

$settings = [
    'allowlist' => $input['allow'],
    'contenthost' => $input['contenthost'],
    'delivery' => $input['delivery'],
    'devmode' => 1,
];
foreach ($settings as $name => $value) {
    set_config($name, $value, 'local_externalscormbridge');
}
\local_externalscormbridge\gateway_options::refresh();

$made = [];
foreach ($input['activities'] as $activity) {
    $defaults = get_config('scorm');
    $module = (object) array_merge((array) $defaults, [
        'modulename' => 'scorm',
        'module' => $DB->get_field('modules', 'id', ['name' => 'scorm'], MUST_EXIST),
        'name' => $activity['title'],
        'introeditor' => ['text' => '', 'format' => FORMAT_HTML, 'itemid' => 0],
        'section' => 1,
        'visible' => 1,
        'cmidnumber' => '',
        'scormtype' => SCORM_TYPE_EXTERNAL,
        'reference' => $activity['url'],
        'packageurl' => $activity['url'],
        'width' => '100%',
        'height' => '500',
        'popup' => 0,
        'completion' => COMPLETION_TRACKING_AUTOMATIC,
        'completionstatusrequired' => 6,
        \local_externalscormbridge\form\package_fields::ACCEPTED => $activity['url'],
    ]);
    $added = add_moduleinfo($module, $course);
    $made[] = ['mode' => $activity['mode'], 'cmid' => (int) $added->coursemodule];
}
echo json_encode(['course' => (int) $course->id, 'activities' => $made], JSON_THROW_ON_ERROR);
