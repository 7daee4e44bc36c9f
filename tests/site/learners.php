<?php
// More learners for a course: reads {"course", "count", "password"} from standard input, makes those that are not there
// yet (learner1, learner2, ...), enrols them and answers with their ids.
define('CLI_SCRIPT', true);
require($argv[1]);
require_once($CFG->dirroot . '/user/lib.php');
require_once($CFG->libdir . '/enrollib.php');

$input = json_decode(stream_get_contents(STDIN), true, 16, JSON_THROW_ON_ERROR);
$manual = enrol_get_plugin('manual');
$instance = $DB->get_record('enrol', ['courseid' => $input['course'], 'enrol' => 'manual'], '*', MUST_EXIST);
$role = $DB->get_field('role', 'id', ['shortname' => 'student'], MUST_EXIST);
$ids = [];
for ($n = 1; $n <= $input['count']; $n++) {
    $id = $DB->get_field('user', 'id', ['username' => "learner{$n}"]) ?: user_create_user((object) [
        'username' => "learner{$n}",
        'password' => $input['password'],
        'firstname' => 'Learner',
        'lastname' => "Number {$n}",
        'email' => "learner{$n}@example.org",
        'auth' => 'manual',
        'confirmed' => 1,
        'mnethostid' => $CFG->mnet_localhost_id,
    ]);
    $manual->enrol_user($instance, $id, $role);
    $ids[] = (int) $id;
}
echo json_encode($ids);
