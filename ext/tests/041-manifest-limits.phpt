--TEST--
Manifest: every limit refuses before memory is spent, and a mistake in the limits is told
--EXTENSIONS--
scormbridge
--INI--
memory_limit=256M
--FILE--
<?php
require __DIR__ . '/support/outcome.inc';
require __DIR__ . '/support/manifest.inc';
use Scormbridge\Manifest;

function nested(int $depth): string
{
    return manifest(
        str_repeat('<item identifier="I"><title>T</title>', $depth) . str_repeat('</item>', $depth),
    );
}

$many = manifest(str_repeat('<item identifier="I" identifierref="R1"><title>T</title></item>', 300));
$small = ['max_items' => 200];
outcome('bytes', fn() => Manifest::parse(manifest(), ['max_bytes' => 100]));
outcome('items', fn() => Manifest::parse($many, $small));
outcome('items of the tree', fn() => Manifest::scoTree($many, $small));
outcome('resources', fn() => Manifest::parse(manifest(), ['max_resources' => 0]));
outcome('files', fn() => Manifest::parse(manifest(), ['max_files' => 0]));
outcome('depth', fn() => Manifest::parse(nested(150)));
outcome('depth, raised', fn() => Manifest::parse(nested(150), ['max_depth' => 200])['version']);
outcome('depth, hostile', fn() => Manifest::parse(nested(100_000)));
outcome('attributes', fn() => Manifest::parse(manifest(), ['max_attributes' => 1]));
outcome('attribute length', fn() => Manifest::parse(manifest(), ['max_attribute_length' => 5]));
outcome('text', fn() => Manifest::parse(manifest(), ['max_text_length' => 5]));

outcome('unknown limit', fn() => Manifest::parse(manifest(), ['max_byte' => 5]));
outcome('negative limit', fn() => Manifest::parse(manifest(), ['max_bytes' => -1]));
outcome('limit as text', fn() => Manifest::parse(manifest(), ['max_bytes' => '5']));
outcome('depth out of reach', fn() => Manifest::parse(manifest(), ['max_depth' => 201]));
outcome('limits of the wrong type', fn() => Manifest::parse(manifest(), null));

// 50 MB: refused by size alone.
$huge = manifest(str_repeat('<item identifier="I"><title>T</title></item>', 1_200_000));
var_dump(strlen($huge) > 50_000_000);
memory_reset_peak_usage();
$before = memory_get_usage();
outcome('50 MB', fn() => Manifest::parse($huge));
var_dump(memory_get_peak_usage() - $before < 100_000);
// And where its size is allowed, by what it holds; PHP's memory limit is never reached.
outcome('50 MB, size allowed', fn() => Manifest::parse($huge, ['max_bytes' => 100_000_000]));
var_dump(memory_get_peak_usage() - $before < 100_000);
?>
--EXPECT--
bytes: Scormbridge\ManifestException manifest_too_large
items: Scormbridge\ManifestException manifest_too_many_items
items of the tree: Scormbridge\ManifestException manifest_too_many_items
resources: Scormbridge\ManifestException manifest_too_many_resources
files: Scormbridge\ManifestException manifest_too_many_files
depth: Scormbridge\ManifestException manifest_too_deep
depth, raised: "1.2"
depth, hostile: Scormbridge\ManifestException manifest_too_deep
attributes: Scormbridge\ManifestException manifest_too_many_attributes
attribute length: Scormbridge\ManifestException manifest_attribute_too_long
text: Scormbridge\ManifestException manifest_text_too_long
unknown limit: Scormbridge\ConfigException input_value at limits.max_byte
negative limit: Scormbridge\ConfigException input_value at limits.max_bytes
limit as text: Scormbridge\ConfigException input_value at limits.max_bytes
depth out of reach: Scormbridge\ConfigException input_value at limits.max_depth
limits of the wrong type: TypeError
bool(true)
50 MB: Scormbridge\ManifestException manifest_too_large
bool(true)
50 MB, size allowed: Scormbridge\ManifestException manifest_too_many_items
bool(true)
