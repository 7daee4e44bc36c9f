--TEST--
UrlPolicy agrees with the golden vectors
--EXTENSIONS--
scormbridge
--SKIPIF--
<?php
require __DIR__ . '/support/golden.inc';
golden_skip('urls.json');
?>
--FILE--
<?php
require __DIR__ . '/support/golden.inc';
use Scormbridge\UrlPolicy;

$golden = golden('urls.json');
$tally = new Tally();
$options = static function (array $policy): array {
    // In PHP, option names have no underscores.
    return array_combine(str_replace('_', '', array_keys($policy)), $policy);
};
$policies = array_map(fn($policy) => new UrlPolicy($options($policy)), $golden['policies']);
foreach ($golden['accept'] as $case) {
    $expected = [
        'url' => $case['normal'], 'origin' => $case['origin'], 'host' => $case['host'], 'port' => $case['port'],
    ];
    try {
        $found = $policies[$case['policy']]->check($case['url']);
    } catch (Scormbridge\Exception $e) {
        $found = $e->reason;
    }
    $tally->same("{$case['policy']} {$case['url']}", $expected, $found);
}
foreach ($golden['refuse'] as $case) {
    $found = reason(fn() => $policies[$case['policy']]->check($case['url']));
    $tally->same("{$case['policy']} {$case['url']}", $case['reason'], $found);
}
foreach ($golden['patterns']['accept'] as $pattern) {
    $tally->same("pattern $pattern", null, reason(fn() => new UrlPolicy(['allow' => [$pattern]])));
}
foreach ($golden['patterns']['refuse'] as $case) {
    $found = reason(fn() => new UrlPolicy(['allow' => [$case['pattern']]]));
    $tally->same("pattern {$case['pattern']}", $case['reason'], $found);
}
$tally->all(count($golden['accept']) + count($golden['refuse'])
    + count($golden['patterns']['accept']) + count($golden['patterns']['refuse']));
?>
--EXPECT--
all agree
