--TEST--
Response: a large file passes through in small pieces, without being held anywhere
--EXTENSIONS--
scormbridge
--SKIPIF--
<?php
if (!is_readable('/proc/self/status')) {
    die('skip needs /proc to see the memory of the process');
}
?>
--FILE--
<?php
require __DIR__ . '/support/content.inc';

function resident(): int
{
    preg_match('/VmRSS:\s+(\d+)/', file_get_contents('/proc/self/status'), $match);
    return $match[1] * 1024;
}

$gateway = gateway();
content($gateway->serve(ask('index.html')));
$before = resident();
$most = 0;
$longest = 0;
$total = 0;
$hash = hash_init('sha256');
$response = $gateway->serve(ask('big.bin'));
while (($piece = $response->read()) !== null) {
    $total += strlen($piece);
    $longest = max($longest, strlen($piece));
    hash_update($hash, $piece);
    if ($total % 1_000_000 < strlen($piece)) {
        $most = max($most, resident() - $before);
    }
}
$expected = hash_init('sha256');
for ($at = 0; $at < BIG; $at += 160_000) {
    hash_update($expected, big($at, 160_000));
}
var_dump($total === BIG, hash_final($hash) === hash_final($expected));
var_dump($longest <= 65_536, $most < BIG / 4);

// Leaving in the middle is allowed; the next request is not disturbed.
$response = $gateway->serve(ask('big.bin'));
$response->read();
unset($response);
var_dump(strlen(content($gateway->serve(ask('index.html')))) > 10);
?>
--EXPECT--
bool(true)
bool(true)
bool(true)
bool(true)
bool(true)
