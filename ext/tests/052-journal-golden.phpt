--TEST--
DataModel reads journal batches as the golden vectors say
--EXTENSIONS--
scormbridge
--SKIPIF--
<?php
require __DIR__ . '/support/golden.inc';
golden_skip('journal.json');
?>
--FILE--
<?php
require __DIR__ . '/support/golden.inc';
use Scormbridge\DataModel;

$golden = golden('journal.json');
$context = ['version' => '1.2', 'learner' => ['id' => 'ana', 'name' => 'Ana']];
$tally = new Tally();
$cases = 0;
foreach ([...$golden['accept'], ...$golden['replaced']] as $case) {
    if (isset($case['limits'])) {
        continue;
    }
    $first = $case['entries'][0]['seq'] ?? 1;
    $session = ['last_seq' => $first - 1, 'status' => $first > 1 ? 'running' : 'ready'];
    $replay = DataModel::replay($context, [], $session, $case['json']);
    $tally->same($case['name'], $first - 1 + count($case['entries']), $replay['session']['last_seq']);
    $cases++;
}
foreach ($golden['refuse'] as $case) {
    // The limits of a batch are not for PHP to choose.
    if (isset($case['limits'])) {
        continue;
    }
    $tally->same($case['name'], $case['reason'], reason(fn() => DataModel::replay($context, [], [], $case['json'])));
    $cases++;
}
var_dump($cases > 40);
$tally->all($cases);
?>
--EXPECT--
bool(true)
all agree
