<?php
// Parses one manifest once, in a process of its own, and answers with the time and the memory it took.
// Arguments: parser (native, rows, whole), manifest file, mod_scorm's folder.
//
// `native` does what scorm_parse_scorm() does before it touches the database; `rows` is the extension's answer to the
// same question; `whole` is everything the extension reads from a manifest. What is measured, and why: README.md.
declare(strict_types=1);

/** Kibibytes by name from the kernel's account of this process. */
function memory(string $name): int {
    preg_match("/^$name:\s+(\d+) kB/m", file_get_contents('/proc/self/status'), $found);
    return (int) $found[1];
}

[, $parser, $file, $scorm] = $argv;
$limits = ['max_bytes' => 64 * 1024 * 1024, 'max_items' => 1_000_000, 'max_resources' => 1_000_000, 'max_files' => 10_000_000,
    'max_sequencing' => 10_000_000];
if ($parser === 'native') {
    define('MOODLE_INTERNAL', true);
    $CFG = (object) ['dirroot' => dirname($scorm, 2), 'libdir' => dirname($scorm, 2) . '/lib'];
    require($CFG->libdir . '/weblib.php');
    require($scorm . '/datamodels/scormlib.php');
}

/** Parses with one of the parsers and returns what the count of items is read from. */
function parse(string $parser, string $xml, array $limits): mixed {
    if ($parser === 'native') {
        $text = preg_replace('/&(?!\w{2,6};)/', '&amp;', $xml);
        $blocks = (new xml2Array())->parse($text);
        return scorm_get_manifest($blocks, (object) ['version' => '']);
    }
    return $parser === 'rows' ? \Scormbridge\Manifest::scoTree($xml, $limits) : \Scormbridge\Manifest::parse($xml, $limits);
}

// A worker of a web server has its code in memory already.
parse($parser, file_get_contents(__DIR__ . '/../packages/scorm2004-multi/imsmanifest.xml'), $limits);
$xml = file_get_contents($file);
file_put_contents('/proc/self/clear_refs', '5');
[$before, $code] = [memory('VmRSS'), memory('RssFile')];
$start = hrtime(true);
$result = parse($parser, $xml, $limits);
$time = hrtime(true) - $start;
$taken = memory('VmHWM') - $before - (memory('RssFile') - $code);
$items = match ($parser) {
    'native' => array_sum(array_map(fn($organizations) => array_sum(array_map('count', $organizations)), $result->elements)),
    'rows' => count($result['scoes']),
    default => count($result['organizations']),
};
echo json_encode(['milliseconds' => $time / 1e6, 'kib' => $taken, 'items' => $items]);
