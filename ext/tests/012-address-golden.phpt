--TEST--
UrlPolicy agrees with the golden vectors on addresses
--EXTENSIONS--
scormbridge
--SKIPIF--
<?php
require __DIR__ . '/support/golden.inc';
golden_skip('addresses.json');
?>
--FILE--
<?php
require __DIR__ . '/support/golden.inc';

$golden = golden('addresses.json');
$tally = new Tally();
$policy = new Scormbridge\UrlPolicy([]);
$check = static function (string $address) use ($policy): ?string {
    $host = str_contains($address, ':') ? "[$address]" : $address;
    return reason(fn() => $policy->check("https://$host/"));
};
$cases = 0;
foreach ($golden['ranges'] as $range) {
    foreach (['first', 'last'] as $end) {
        $tally->same($range[$end], 'url_private_address', $check($range[$end]));
        $cases++;
    }
}
foreach ($golden['refuse'] as $case) {
    $tally->same($case['address'], 'url_private_address', $check($case['address']));
    $cases++;
}
foreach ($golden['accept'] as $address) {
    $tally->same($address, null, $check($address));
    $cases++;
}
$tally->all($cases);
?>
--EXPECT--
all agree
