--TEST--
DataModel: seed, replay, resume, and every way to be refused as a whole
--EXTENSIONS--
scormbridge
--FILE--
<?php
require __DIR__ . '/support/outcome.inc';
use Scormbridge\DataModel;

$context = [
    'version' => '1.2',
    'learner' => ['id' => 'ana', 'name' => 'Ångström, Ana'],
    'mode' => 'normal',
    'sco' => ['masteryscore' => '80', 'datafromlms' => 'hello'],
    // As a database hands them out.
    'objectives' => [
        ['objectiveid' => 'o1', 'primaryobj' => '1', 'satisfiedbymeasure' => 0, 'minnormalizedmeasure' => null],
    ],
    'settings' => ['masteryoverride' => '1', 'forcecompleted' => 0, 'scormstandard' => false],
];
function entries(array ...$calls): string
{
    $entries = [];
    foreach ($calls as $index => [$op, $element, $value]) {
        $entry = ['seq' => $index + 1, 'op' => $op, 'at' => 1789000000000];
        $entries[] = $element === null ? $entry : $entry + ['element' => $element, 'value' => $value];
    }
    return json_encode($entries);
}

// Every plane of Unicode, 60,010 characters, comes through byte for byte.
$suspended = '';
foreach (range(0, 16) as $plane) {
    $suspended .= json_decode(sprintf('"%s"', $plane === 0
        ? '\u4e2d'
        : sprintf('\u%04x\u%04x', 0xd800 + (($plane - 1) << 6), 0xdc41)));
}
$suspended = str_repeat($suspended, 3530);

$journal = entries(
    ['initialize', null, null],
    ['set', 'cmi.core.lesson_location', 'p3'],
    ['set', 'cmi.core.score.raw', '85'],
    ['set', 'cmi.core.score.raw', 'many'],
    ['set', 'cmi.suspend_data', $suspended],
    ['set', 'cmi.core.exit', 'suspend'],
    ['terminate', null, null],
);
$replay = DataModel::replay($context, [], [], $journal);
$rows = array_column($replay['rows'], 'value', 'element');
var_dump($rows['cmi.suspend_data'] === $suspended, $rows['cmi.core.lesson_location']);
var_dump($rows['cmi.core.lesson_status'], array_column($replay['rows'], 'class', 'element')['cmi.suspend_data']);
echo json_encode($replay['refused']), "\n";
var_dump($replay['session']['last_seq'], $replay['session']['status'], $replay['navigation']);

$seed = DataModel::seed($context, $rows);
$elements = array_column($seed['elements'], 1, 0);
var_dump($elements['cmi.suspend_data'] === $suspended, $elements['cmi.core.student_name']);
var_dump($elements['cmi.core.entry'], $elements['cmi.launch_data'], $seed['last_seq']);

// The same batch once more changes nothing; a gap stores nothing and says what is due.
$again = DataModel::replay($context, $rows, $replay['session'], $journal);
var_dump($again['rows'], $again['session'] == $replay['session']);
try {
    DataModel::replay($context, [], ['last_seq' => 3, 'status' => 'running'], '[{"seq":9,"op":"commit","at":1}]');
} catch (Scormbridge\DataModelException $e) {
    echo $e->reason, ' ', json_encode($e->details), "\n";
}
outcome('browse', fn() => DataModel::replay(['mode' => 'browse'] + $context, [], [], $journal)['rows']);

$replay = fn($entries) => fn() => DataModel::replay($context, [], [], $entries);
outcome('not JSON', $replay('{'));
outcome('not a list', $replay('{}'));
outcome('not UTF-8', $replay("[\"\xff\"]"));
outcome('not an entry', $replay('[{"seq":1}]'));
outcome('deep JSON', $replay(str_repeat('[', 100_000)));
outcome('too large', $replay('[' . str_repeat(' ', 5_000_000) . ']'));
outcome('not text', $replay([]));

outcome('no version', fn() => DataModel::seed(array_diff_key($context, ['version' => 1]), []));
outcome('unknown version', fn() => DataModel::seed(['version' => '1.3'] + $context, []));
outcome('unknown mode', fn() => DataModel::seed(['mode' => 'cheat'] + $context, []));
outcome('no learner', fn() => DataModel::seed(['learner' => 'ana'] + $context, []));
outcome('stored list', fn() => DataModel::seed($context, [['a']]));
outcome('stored number', fn() => DataModel::seed($context, ['cmi.core.score.raw' => 85]));
outcome('stored Latin-1', fn() => DataModel::seed($context, ['cmi.suspend_data' => "\xfc"]));
$deep = 'end';
for ($level = 0; $level < 100_000; $level++) {
    $deep = ['a' => $deep];
}
outcome('deep', fn() => DataModel::replay($context, [], ['carry' => $deep], '[]'));
outcome('stored deep', fn() => DataModel::seed($context, $deep));
$circle = [];
$circle['cmi.suspend_data'] = &$circle;
outcome('stored in itself', fn() => DataModel::seed($context, $circle));
// Of what is stored, twice as much is read as a SCO may store: nobody is locked out by rows of the LMS's own.
$bounded = ['limits' => ['elements' => 1, 'bytes' => 10]] + $context;
outcome('stored too much', fn() => DataModel::seed($bounded, ['a' => '', 'b' => '', 'c' => '']));
outcome('stored too large', fn() => DataModel::seed($bounded, ['a' => str_repeat('x', 21)]));
outcome('stored beyond the border', fn() => DataModel::seed($context, ['a' => str_repeat('x', 33 << 20)]));
outcome('session status', fn() => DataModel::replay($context, [], ['status' => 'odd'], '[]'));
outcome('instance', fn() => new DataModel());
?>
--EXPECT--
bool(true)
string(2) "p3"
string(6) "passed"
string(7) "suspend"
[{"seq":4,"element":"cmi.core.score.raw","code":405,"reason":"type"}]
int(7)
string(10) "terminated"
string(0) ""
bool(true)
string(15) "Ångström, Ana"
string(6) "resume"
string(5) "hello"
int(0)
array(0) {
}
bool(true)
journal_gap {"expected":"4","found":"9"}
browse: []
not JSON: Scormbridge\DataModelException journal_shape
not a list: Scormbridge\DataModelException journal_shape
not UTF-8: Scormbridge\DataModelException input_encoding at entries
not an entry: Scormbridge\DataModelException journal_shape
deep JSON: Scormbridge\DataModelException journal_shape
too large: Scormbridge\DataModelException journal_too_large
not text: TypeError
no version: Scormbridge\DataModelException input_value at context
unknown version: Scormbridge\DataModelException input_value at context.version
unknown mode: Scormbridge\DataModelException input_value at context.mode
no learner: Scormbridge\DataModelException input_value at context.learner
stored list: Scormbridge\DataModelException input_value at stored.0
stored number: Scormbridge\DataModelException input_value at stored.cmi.core.score.raw
stored Latin-1: Scormbridge\DataModelException input_encoding at stored.cmi.suspend_data
deep: Scormbridge\DataModelException input_depth at session.carry.a.a.a.a.a.a.a
stored deep: Scormbridge\DataModelException input_value at stored.a
stored in itself: Scormbridge\DataModelException input_value at stored.cmi.suspend_data
stored too much: Scormbridge\DataModelException stored_items
stored too large: Scormbridge\DataModelException stored_bytes
stored beyond the border: Scormbridge\DataModelException input_bytes at stored.a
session status: Scormbridge\DataModelException input_value at session.status
instance: Error
