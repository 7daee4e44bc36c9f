<?php
// The people and the course of a test site: reads {"people": {...}} from standard input, answers with their ids.
define('CLI_SCRIPT', true);
require($argv[1]);
require_once($CFG->dirroot . '/course/lib.php');
require_once($CFG->dirroot . '/user/lib.php');
require_once($CFG->libdir . '/enrollib.php');

\core\session\manager::set_user(get_admin());
$input = json_decode(stream_get_contents(STDIN), true, 16, JSON_THROW_ON_ERROR);

$course = create_course((object) [
    'fullname' => 'Life in the meadow',
    'shortname' => 'meadow',
    'category' => core_course_category::get_default()->id,
    'format' => 'topics',
    'numsections' => 2,
    'enablecompletion' => 1,
    'startdate' => time() - DAYSECS,
]);

$names = ['instructor' => ['Ines', 'Instructor'], 'learner' => ['Ana', 'Learner'], 'outsider' => ['Otto', 'Outsider']];
$roles = ['instructor' => 'editingteacher', 'learner' => 'student'];
$manual = enrol_get_plugin('manual');
$instance = $DB->get_record('enrol', ['courseid' => $course->id, 'enrol' => 'manual'], '*', MUST_EXIST);
$ids = ['course' => (int) $course->id];
foreach ($names as $key => [$first, $last]) {
    $ids[$key] = (int) user_create_user((object) [
        'username' => $input['people'][$key]['username'],
        'password' => $input['people'][$key]['password'],
        'firstname' => $first,
        'lastname' => $last,
        'email' => strtolower($first) . '@example.org',
        'auth' => 'manual',
        'confirmed' => 1,
        'mnethostid' => $CFG->mnet_localhost_id,
    ]);
    if (isset($roles[$key])) {
        $manual->enrol_user($instance, $ids[$key], $DB->get_field('role', 'id', ['shortname' => $roles[$key]]));
    }
}

// Guided tours put a layer over every page that a person opens for the first time.
$DB->set_field('tool_usertours_tours', 'enabled', 0);

echo json_encode($ids);
