--TEST--
Vault: a value opens in its own place only, with any of the keys
--EXTENSIONS--
scormbridge
--FILE--
<?php
declare(strict_types=1);

require __DIR__ . '/support/outcome.inc';
use Scormbridge\Vault;

$old = Vault::newKey();
$new = Vault::newKey();
var_dump(preg_match('/^[0-9a-f]{64}$/', $old), $old === $new);

// Key ids that are numbers become integer keys in PHP and must still work.
$before = new Vault(['2025' => $old], '2025');
$after = new Vault(['2025' => $old, '2026' => $new], '2026');
$place = [17, 1024, '33', 2, 'cmi.suspend_data'];
$plain = "Ωμέγα \u{1F393} " . str_repeat('x', 60_000) . "\0end";
$sealed = $before->seal($plain, $place);
outcome('opened', fn() => $before->open($sealed, $place) === $plain);
outcome('opened after rotation', fn() => $after->open($sealed, array_map('strval', $place)) === $plain);
outcome('is sealed', fn() => [Vault::isSealed($sealed), Vault::isSealed($plain), Vault::isSealed("\xff")]);
outcome('needs reseal', fn() => [$before->needsReseal($sealed), $after->needsReseal($sealed), $after->needsReseal('x')]);
outcome('never twice the same', fn() => $before->seal('a', $place) !== $before->seal('a', $place));
outcome('empty', fn() => $before->open($before->seal('', []), []));

outcome('another learner', fn() => $before->open($sealed, [17, 1025, 33, 2, 'cmi.suspend_data']));
outcome('another order', fn() => $before->open($sealed, [1024, 17, 33, 2, 'cmi.suspend_data']));
outcome('changed', fn() => $before->open(substr($sealed, 0, -1) . '!', $place));
outcome('not sealed', fn() => $before->open('plain', $place));
outcome('key gone', fn() => (new Vault(['2026' => $new], '2026'))->open($sealed, $place));
outcome('binary', fn() => $before->seal("\xff", $place));
outcome('binary to open', fn() => $before->open("\xff", $place));
outcome('too large', fn() => $before->seal(str_repeat('x', (1 << 20) + 1), $place));
outcome('a float in the context', fn() => $before->seal('a', [1.5]));
outcome('null in the context', fn() => $before->seal('a', [null]));
outcome('keys in the context', fn() => $before->seal('a', ['scorm' => 17]));

outcome('short key', fn() => new Vault(['a' => 'abcd'], 'a'));
outcome('bad key id', fn() => new Vault(['a:b' => $new], 'a:b'));
outcome('no current key', fn() => new Vault(['a' => $new], 'b'));
outcome('no keys', fn() => new Vault([], ''));
outcome('keys of the wrong type', fn() => new Vault(['a' => 5], 'a'));
outcome('current of the wrong type', fn() => new Vault(['a' => $new], 1));

// Neither the messages nor a dump of the object give a key away.
try {
    new Vault(['a' => "secret$new"], 'a');
} catch (Scormbridge\ConfigException $e) {
    var_dump(str_contains($e->getMessage() . implode($e->details), 'secret'));
}
var_dump(str_contains(print_r($after, true), $new));
try {
    serialize($after);
} catch (Exception $e) {
    echo $e->getMessage(), "\n";
}
?>
--EXPECT--
int(1)
bool(false)
opened: true
opened after rotation: true
is sealed: [true,false,false]
needs reseal: [false,true,false]
never twice the same: true
empty: ""
another learner: Scormbridge\SealException seal_forged
another order: Scormbridge\SealException seal_forged
changed: Scormbridge\SealException seal_encoding
not sealed: Scormbridge\SealException seal_not_sealed
key gone: Scormbridge\SealException seal_unknown_key
binary: Scormbridge\SealException input_encoding at plain
binary to open: Scormbridge\SealException input_encoding at sealed
too large: Scormbridge\SealException seal_too_large
a float in the context: Scormbridge\SealException input_value at context.0
null in the context: Scormbridge\SealException input_value at context.0
keys in the context: Scormbridge\SealException input_value at context
short key: Scormbridge\ConfigException key_format
bad key id: Scormbridge\ConfigException key_id
no current key: Scormbridge\ConfigException key_current
no keys: Scormbridge\ConfigException key_current
keys of the wrong type: Scormbridge\ConfigException input_value at keys.a
current of the wrong type: TypeError
bool(false)
bool(false)
Serialization of 'Scormbridge\Vault' is not allowed
