<?php
// Attempts of learners at an activity, as if they had played it: reads {"cmid", "users", "values"} from standard input, values
// by storage name, and gives each user a first attempt at the first SCO with these. Answers with how many there are.
define('CLI_SCRIPT', true);
require($argv[1]);
require_once($CFG->dirroot . '/mod/scorm/locallib.php');

$input = json_decode(stream_get_contents(STDIN), true, 16, JSON_THROW_ON_ERROR);
$cm = get_coursemodule_from_id('scorm', $input['cmid'], 0, false, MUST_EXIST);
$sco = $DB->get_field('scorm', 'launch', ['id' => $cm->instance], MUST_EXIST);
foreach ($input['users'] as $user) {
    $attempt = scorm_get_attempt($user, $cm->instance, 1);
    foreach ($input['values'] as $element => $value) {
        scorm_insert_track($user, $cm->instance, $sco, $attempt, $element, $value);
    }
}
echo json_encode(count($input['users']));
