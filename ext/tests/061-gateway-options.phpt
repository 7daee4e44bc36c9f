--TEST--
Gateway: a mistake in the options is told when it is made, not at the first request
--EXTENSIONS--
scormbridge
--FILE--
<?php
require __DIR__ . '/support/outcome.inc';
require __DIR__ . '/support/content.inc';
use Scormbridge\Gateway;

$make = fn($options) => fn() => (new Gateway($options))::class;
outcome('all', $make([
    'allow' => ['*.example.com'], 'ports' => [8443], 'devloopback' => false, 'maxlength' => 2000,
    'maxmanifestbytes' => 1 << 20, 'maxdocumentbytes' => 1 << 20, 'maxfilebytes' => 5_000_000_000,
    'connecttimeout' => 5, 'readtimeout' => 2.5, 'totaltimeout' => 30, 'probetimeout' => 60,
    'manifest' => ['max_items' => 100], 'tickets' => KEYS, 'audience' => SITE,
]));
outcome('none', $make([]));
outcome('pattern', $make(['allow' => ['ht tp']]));
outcome('unknown', $make(['timeout' => 5]));
outcome('timeout zero', $make(['connecttimeout' => 0]));
outcome('timeout negative', $make(['readtimeout' => -1.5]));
outcome('timeout endless', $make(['totaltimeout' => INF]));
outcome('timeout not a number', $make(['totaltimeout' => NAN]));
outcome('timeout as text', $make(['probetimeout' => '5']));
outcome('negative size', $make(['maxfilebytes' => -1]));
outcome('manifest depth', $make(['manifest' => ['max_depth' => 100_000]]));
outcome('key', $make(['tickets' => ['keys' => ['a' => 'ff'], 'current' => 'a'], 'audience' => SITE]));
outcome('current key', $make(['tickets' => ['keys' => KEYS['keys'], 'current' => 'b'], 'audience' => SITE]));
outcome('no current key', $make(['tickets' => ['keys' => KEYS['keys']], 'audience' => SITE]));
outcome('no audience', $make(['tickets' => KEYS]));
outcome('binary', $make(['audience' => "\xff"]));
outcome('a response of one\'s own', fn() => new Scormbridge\Response());
?>
--EXPECT--
all: "Scormbridge\\Gateway"
none: "Scormbridge\\Gateway"
pattern: Scormbridge\ConfigException pattern_host
unknown: Scormbridge\ConfigException input_value at options.timeout
timeout zero: Scormbridge\ConfigException input_value at options.connecttimeout
timeout negative: Scormbridge\ConfigException input_value at options.readtimeout
timeout endless: Scormbridge\ConfigException input_value at options.totaltimeout
timeout not a number: Scormbridge\ConfigException input_value at options.totaltimeout
timeout as text: Scormbridge\ConfigException input_value at options.probetimeout
negative size: Scormbridge\ConfigException input_value at options.maxfilebytes
manifest depth: Scormbridge\ConfigException input_value at options.manifest.max_depth
key: Scormbridge\ConfigException key_format
current key: Scormbridge\ConfigException key_current
no current key: Scormbridge\ConfigException input_value at options.tickets
no audience: Scormbridge\ConfigException input_value at options.audience
binary: Scormbridge\ConfigException input_encoding at options.audience
a response of one's own: Error
