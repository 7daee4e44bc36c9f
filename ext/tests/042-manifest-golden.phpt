--TEST--
Manifest: every sample means in PHP what its golden files say
--EXTENSIONS--
scormbridge
--SKIPIF--
<?php
require __DIR__ . '/support/golden.inc';
golden_skip('manifests');
?>
--FILE--
<?php
require __DIR__ . '/support/golden.inc';
use Scormbridge\Manifest;

/** The order of keys means nothing; that of lists does. */
function ordered(mixed $value): mixed
{
    if (is_array($value)) {
        $value = array_map(ordered(...), $value);
        if (!array_is_list($value)) {
            ksort($value);
        }
    }
    return $value;
}

$tally = new Tally();
$cases = 0;
foreach (glob(GOLDEN . '/manifests/*', GLOB_ONLYDIR) as $sample) {
    $name = basename($sample);
    $xml = file_get_contents("$sample/imsmanifest.xml");
    foreach (['manifest' => Manifest::parse($xml), 'tree' => Manifest::scoTree($xml)] as $view => $found) {
        $tally->same("$name, $view", ordered(golden("manifests/$name/$view.json")), ordered($found));
        $cases++;
    }
}
$tally->all($cases);
?>
--EXPECT--
all agree
