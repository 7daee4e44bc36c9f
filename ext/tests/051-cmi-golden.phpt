--TEST--
DataModel agrees with the golden sessions: seeds, codes of refused calls, rows, state and navigation
--EXTENSIONS--
scormbridge
--SKIPIF--
<?php
require __DIR__ . '/support/golden.inc';
golden_skip('cmi');
?>
--FILE--
<?php
require __DIR__ . '/support/golden.inc';
use Scormbridge\DataModel;

const OPERATIONS = ['Initialize' => 'initialize', 'SetValue' => 'set', 'Commit' => 'commit', 'Terminate' => 'terminate'];

/** A text, or what stands for a long one. */
function text(string|array $value): string
{
    return is_array($value) ? str_repeat($value['repeat'], $value['times']) : $value;
}

/** The calls that a relay would journal, had they all been accepted. */
function journalled(array $calls): array
{
    return array_values(array_filter($calls, static fn($call) => $call['fn'] === 'SetValue'
        || (isset(OPERATIONS[$call['fn']]) && $call['args'] === [''])));
}

$tally = new Tally();
$cases = 0;
foreach (['api-12', 'api-2004'] as $table) {
    foreach (golden("cmi/$table.json")['sessions'] as $session) {
        $name = "$table, {$session['name']}";
        $stored = array_map(text(...), array_column($session['stored'], 1, 0));
        $seed = DataModel::seed($session['context'], $stored);
        $expected = $session['seed'];
        ksort($expected['limits']);
        ksort($expected);
        ksort($seed);
        $tally->same("$name, seed", $expected, $seed);

        $calls = journalled($session['calls']);
        $entries = [];
        foreach ($calls as $index => $call) {
            $entries[] = ['seq' => $index + 1, 'op' => OPERATIONS[$call['fn']], 'at' => 0]
                + ($call['fn'] === 'SetValue'
                    ? ['element' => text($call['args'][0]), 'value' => text($call['args'][1])]
                    : []);
        }
        $replay = DataModel::replay($session['context'], $stored, [], json_encode($entries, JSON_THROW_ON_ERROR));
        $codes = array_column($replay['refused'], 'code', 'seq');
        $tally->same(
            "$name, codes",
            array_column($calls, 'error'),
            array_map(static fn($entry) => (string) ($codes[$entry['seq']] ?? 0), $entries),
        );
        $tally->same(
            "$name, rows",
            array_map(static fn($row) => [$row[0], text($row[1]), $row[2]], $session['rows']),
            array_map(static fn($row) => [$row['element'], $row['value'], $row['class']], $replay['rows']),
        );
        $tally->same("$name, status", $session['status'], $replay['session']['status']);
        $tally->same("$name, navigation", $session['navigation'], $replay['navigation']);
        $cases += 5;
    }
}
$tally->all($cases);
?>
--EXPECT--
all agree
