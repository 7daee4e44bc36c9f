--TEST--
Manifest: arrays for what it says, one exception for each way to be unusable
--EXTENSIONS--
scormbridge
--FILE--
<?php
require __DIR__ . '/support/outcome.inc';
require __DIR__ . '/support/manifest.inc';
use Scormbridge\Manifest;

$parsed = Manifest::parse(manifest());
foreach (['version', 'edition', 'schema_version', 'identifier', 'default_organization', 'manifests'] as $key) {
    echo $key, ': ', json_encode($parsed[$key]), "\n";
}
$item = $parsed['organizations'][0]['items'][0];
var_dump($item['identifier'], $item['title'], $item['launch'], $item['is_visible'], $item['items']);
// What is built can be changed like any other array.
$parsed['organizations'][0]['items'][] = 'more';
$parsed['manifests'][] = 'more';
var_dump(count($parsed['organizations'][0]['items']), $parsed['manifests']);

$tree = Manifest::scoTree(manifest());
var_dump($tree['version'], $tree['launch'], array_column($tree['scoes'], 'title', 'identifier'));

echo Manifest::launchUrl('https://cdn.example.com/c/', 'a b.html#é', '?x=1'), "\n";
outcome('outside', fn() => Manifest::launchUrl('https://cdn.example.com/c/', '../a.html', ''));

// Other encodings are read as declared, not guessed.
$titled = manifest('<item identifier="I1" identifierref="R1"><title>Kürs</title></item>');
$wide = '';
foreach (preg_split('//u', str_replace('UTF-8', 'UTF-16', $titled), -1, PREG_SPLIT_NO_EMPTY) as $character) {
    $wide .= "\0" . ($character === 'ü' ? "\xfc" : $character);
}
$title = fn($xml) => Manifest::parse($xml)['organizations'][0]['items'][0]['title'];
outcome('UTF-16', fn() => $title("\xfe\xff$wide"));
outcome('Latin-1', fn() => $title(str_replace(['UTF-8', 'ü'], ['ISO-8859-1', "\xfc"], $titled)));

outcome('empty', fn() => Manifest::parse(''));
outcome('not XML', fn() => Manifest::parse('hello'));
outcome('a page', fn() => Manifest::parse('<!DOCTYPE html><html><body>404</body></html>'));
outcome('cut off', fn() => Manifest::parse(substr(manifest(), 0, 400)));
outcome('not UTF-8', fn() => Manifest::parse(str_replace('One', "\xff", manifest())));
outcome('unknown encoding', fn() => Manifest::parse(str_replace('UTF-8', 'X-NONE', manifest())));
outcome('control character', fn() => Manifest::parse(str_replace('One', "\x01", manifest())));
outcome('entity', fn() => Manifest::parse(str_replace('One', '&nbsp;', manifest())));
outcome('reference', fn() => Manifest::parse(str_replace('One', '&#0;', manifest())));
outcome('something after', fn() => Manifest::parse(manifest() . '<more/>'));

// A document type is not read: neither local files nor nested entities.
$evil = '<!DOCTYPE manifest [<!ENTITY x SYSTEM "file:///etc/passwd"><!ENTITY y "&x;&x;">]>';
outcome('external entity', fn() => Manifest::parse(
    str_replace(['<manifest ', 'One'], ["$evil<manifest ", '&x;'], manifest()),
));

try {
    Manifest::parse(str_replace('</title>', '', manifest()));
} catch (Scormbridge\ManifestException $e) {
    var_dump(array_intersect(['line', 'column'], array_keys($e->details)));
}
?>
--EXPECT--
version: "1.2"
edition: null
schema_version: "1.2"
identifier: "M1"
default_organization: "O1"
manifests: []
string(2) "I1"
string(3) "One"
string(10) "index.html"
bool(true)
array(0) {
}
int(2)
array(1) {
  [0]=>
  string(4) "more"
}
string(9) "SCORM_1.2"
string(2) "I1"
array(2) {
  ["O1"]=>
  string(6) "Course"
  ["I1"]=>
  string(3) "One"
}
https://cdn.example.com/c/a%20b.html?x=1#%C3%A9
outside: Scormbridge\ManifestException launch_elsewhere
UTF-16: "Kürs"
Latin-1: "Kürs"
empty: Scormbridge\ManifestException manifest_empty
not XML: Scormbridge\ManifestException manifest_not_xml
a page: Scormbridge\ManifestException manifest_not_manifest
cut off: Scormbridge\ManifestException manifest_truncated
not UTF-8: Scormbridge\ManifestException manifest_bad_encoding
unknown encoding: Scormbridge\ManifestException manifest_unknown_encoding
control character: Scormbridge\ManifestException manifest_illegal_character
entity: Scormbridge\ManifestException manifest_unknown_entity
reference: Scormbridge\ManifestException manifest_bad_character_reference
something after: Scormbridge\ManifestException manifest_content_after
external entity: Scormbridge\ManifestException manifest_unknown_entity
array(2) {
  [0]=>
  string(4) "line"
  [1]=>
  string(6) "column"
}
