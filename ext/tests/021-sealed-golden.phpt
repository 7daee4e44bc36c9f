--TEST--
Vault agrees with the golden vectors
--EXTENSIONS--
scormbridge
--SKIPIF--
<?php
require __DIR__ . '/support/golden.inc';
golden_skip('sealed.json');
?>
--FILE--
<?php
require __DIR__ . '/support/golden.inc';
use Scormbridge\Vault;

$golden = golden('sealed.json');
$tally = new Tally();
$vault = new Vault($golden['keys'], $golden['current']);
foreach ($golden['accept'] as $case) {
    $tally->same($case['name'], $case['plain'], $vault->open($case['sealed'], $case['context']));
}
foreach ($golden['refuse'] as $case) {
    $tally->same($case['name'], $case['reason'], reason(fn() => $vault->open($case['sealed'], $case['context'])));
}
$cases = count($golden['accept']) + count($golden['refuse']);
foreach (['sealed' => true, 'plain' => false] as $shape => $expected) {
    foreach ($golden['shape'][$shape] as $value) {
        $tally->same("shape of $value", $expected, Vault::isSealed($value));
        $cases++;
    }
}
foreach (['stale' => true, 'fresh' => false] as $age => $expected) {
    foreach ($golden[$age] as $value) {
        $tally->same("age of $value", $expected, $vault->needsReseal($value));
        $cases++;
    }
}
$tally->all($cases);
?>
--EXPECT--
all agree
