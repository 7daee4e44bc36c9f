--TEST--
DataModel: what comes after a newer launch has reported never replaces what that wrote
--EXTENSIONS--
scormbridge
--FILE--
<?php
require __DIR__ . '/support/outcome.inc';
use Scormbridge\DataModel;

$context = ['version' => '1.2', 'learner' => ['id' => 'ana', 'name' => 'Ana']];
$stored = ['cmi.core.lesson_location' => 'p9', 'cmi.comments' => 'new.', 'cmi.core.total_time' => '0000:00:10.00'];
$entries = json_encode(array_map(
    fn(int $index, array $call) => ['seq' => $index + 1, 'at' => 0] + $call,
    range(0, 6),
    [
        ['op' => 'initialize'],
        ['op' => 'set', 'element' => 'cmi.core.lesson_location', 'value' => 'p2'],
        ['op' => 'set', 'element' => 'cmi.suspend_data', 'value' => 'of the older'],
        ['op' => 'set', 'element' => 'cmi.core.score.max', 'value' => '50'],
        ['op' => 'set', 'element' => 'cmi.comments', 'value' => 'old.'],
        ['op' => 'set', 'element' => 'cmi.core.session_time', 'value' => '00:01:00'],
        ['op' => 'terminate'],
    ]
));
$rows = function (array $newer) use ($context, $stored, $entries): string {
    $replay = DataModel::replayLate($context, $stored, [], $entries, $newer);
    $rows = array_column($replay['rows'], 'value', 'element');
    ksort($rows);
    return json_encode([$replay['refused'], $replay['session']['last_seq'], $rows]) . "\n";
};
echo $rows(['calls' => [
    ['op' => 'initialize'],
    ['op' => 'set', 'element' => 'cmi.core.lesson_location'],
    ['op' => 'set', 'element' => 'cmi.core.score.raw'],
    ['op' => 'terminate', 'element' => null],
]]);
echo $rows([]);
echo $rows(['everything' => true]);
foreach ([
    'a number for yes' => ['everything' => 1],
    'no such call' => ['calls' => [['op' => 'dance']]],
    'a word for a list' => ['calls' => 'all'],
    'something else' => ['known' => false],
] as $label => $newer) {
    outcome($label, fn() => DataModel::replayLate($context, $stored, [], $entries, $newer));
}
?>
--EXPECT--
[[],7,{"cmi.comments":"new.old.","cmi.core.total_time":"00:01:10.00","cmi.suspend_data":"of the older"}]
[[],7,{"cmi.comments":"new.old.","cmi.core.lesson_location":"p2","cmi.core.lesson_status":"completed","cmi.core.score.max":"50","cmi.core.total_time":"00:01:10.00","cmi.suspend_data":"of the older"}]
[[],7,{"cmi.comments":"new.old.","cmi.core.total_time":"00:01:10.00"}]
a number for yes: Scormbridge\DataModelException input_value at newer.everything
no such call: Scormbridge\DataModelException input_value at newer.calls.0.op
a word for a list: Scormbridge\DataModelException input_value at newer.calls
something else: Scormbridge\DataModelException input_value at newer.known
