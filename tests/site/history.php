<?php
// What SCOs of a learner have reported, launch by launch, as the plugin's history has it: reads {"cmid", "userid"} from
// standard input and answers with the entries of every launch, in the order in which they were stored.
define('CLI_SCRIPT', true);
require($argv[1]);

use local_externalscormbridge\history\sco_attempt;
use local_externalscormbridge\history\store;

$input = json_decode(stream_get_contents(STDIN), true, 16, JSON_THROW_ON_ERROR);
[, $cm] = get_course_and_cm_from_cmid($input['cmid'], 'scorm');
$of = ['scormid' => $cm->instance, 'userid' => $input['userid']];
$tokens = $DB->get_records_menu('local_externalscormbridge_launch', $of, '', 'id, token');
$launches = array_fill_keys($tokens, []);
$attempts = $DB->get_records(store::TABLE, $of, '', 'DISTINCT ' . $DB->sql_concat('scoid', "'-'", 'attempt') . ' AS id, scoid, attempt');
foreach ($attempts as $row) {
    $found = new sco_attempt((int) $cm->instance, $input['userid'], (int) $row->scoid, (int) $row->attempt);
    foreach (store::read($found) as $launchid => $batch) {
        array_push($launches[$tokens[$launchid]], ...$batch->entries, ...$batch->refused);
    }
}
echo json_encode((object) $launches, JSON_THROW_ON_ERROR | JSON_UNESCAPED_UNICODE);
