--TEST--
Tickets agree with the golden vectors
--EXTENSIONS--
scormbridge
--SKIPIF--
<?php
require __DIR__ . '/support/golden.inc';
golden_skip('tickets.json');
?>
--FILE--
<?php
require __DIR__ . '/support/golden.inc';

$golden = golden('tickets.json');
$tally = new Tally();
$tickets = new Scormbridge\Tickets($golden['keys'], $golden['current']);
$verify = fn($case) => $tickets->verify($case['ticket'], $case['scope'], $case['aud'], $case['now']);
foreach ($golden['accept'] as $case) {
    $found = $verify($case);
    ksort($found);
    ksort($case['claims']);
    $tally->same($case['name'], $case['claims'], $found);
}
foreach ($golden['refuse'] as $case) {
    $tally->same($case['name'], $case['reason'], reason(fn() => $verify($case)));
}
$tally->all(count($golden['accept']) + count($golden['refuse']));
?>
--EXPECT--
all agree
