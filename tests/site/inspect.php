<?php
// What a learner's activity left in Moodle, read through Moodle's own functions: reads {"cmid", "userid"} from standard
// input and answers with the SCO tree, the tracks of every attempt (sealed values opened), the grade and the completion.
define('CLI_SCRIPT', true);
require($argv[1]);
require_once($CFG->dirroot . '/mod/scorm/locallib.php');
require_once($CFG->libdir . '/gradelib.php');
require_once($CFG->libdir . '/completionlib.php');

$input = json_decode(stream_get_contents(STDIN), true, 16, JSON_THROW_ON_ERROR);
[$course, $cm] = get_course_and_cm_from_cmid($input['cmid'], 'scorm');
$scorm = $DB->get_record('scorm', ['id' => $cm->instance], '*', MUST_EXIST);

$scoes = [];
foreach ($DB->get_records('scorm_scoes', ['scorm' => $scorm->id], 'sortorder, id') as $sco) {
    $data = $DB->get_records_menu('scorm_scoes_data', ['scoid' => $sco->id], 'name', 'name, value');
    $scoes[$sco->id] = [
        'id' => (int) $sco->id,
        'identifier' => $sco->identifier,
        'parent' => $sco->parent,
        'launch' => $sco->launch,
        'scormtype' => $sco->scormtype,
        'title' => $sco->title,
        'sortorder' => (int) $sco->sortorder,
        'data' => (object) $data,
    ];
}

$tracks = [];
$sql = "SELECT v.id, a.attempt, s.identifier, v.scoid, e.element, v.value
          FROM {scorm_scoes_value} v
          JOIN {scorm_attempt} a ON a.id = v.attemptid
          JOIN {scorm_element} e ON e.id = v.elementid
          JOIN {scorm_scoes} s ON s.id = v.scoid
         WHERE a.scormid = :scorm AND a.userid = :user
      ORDER BY a.attempt, s.sortorder, e.element";
foreach ($DB->get_records_sql($sql, ['scorm' => $scorm->id, 'user' => $input['userid']]) as $row) {
    $sealed = class_exists('\Scormbridge\Vault') && \Scormbridge\Vault::isSealed((string) $row->value);
    $value = $row->value;
    if ($sealed) {
        $sealer = new \local_externalscormbridge\tracking\sealer(
            (int) $scorm->id,
            (int) $input['userid'],
            (int) $row->scoid,
            (int) $row->attempt
        );
        $value = $sealer->open($row->element, $row->value);
    }
    $tracks[] = [
        'attempt' => (int) $row->attempt,
        'sco' => $row->identifier,
        'element' => $row->element,
        'value' => $value,
        'sealed' => $sealed,
    ];
}

$grades = grade_get_grades($course->id, 'mod', 'scorm', $scorm->id, $input['userid']);
$grade = $grades->items[0]->grades[$input['userid']] ?? null;
$completion = (new completion_info($course))->get_data($cm, false, $input['userid']);

echo json_encode([
    'scorm' => [
        'id' => (int) $scorm->id,
        'scormtype' => $scorm->scormtype,
        'version' => $scorm->version,
        'reference' => $scorm->reference,
        'launch' => $scoes[$scorm->launch]['identifier'] ?? null,
    ],
    'scoes' => array_values($scoes),
    'tracks' => $tracks,
    'grade' => isset($grade->grade) ? (float) $grade->grade : null,
    'completion' => (int) $completion->completionstate,
], JSON_THROW_ON_ERROR | JSON_UNESCAPED_UNICODE);
