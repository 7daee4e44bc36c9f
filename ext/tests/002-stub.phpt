--TEST--
The stub file says exactly what the extension offers
--EXTENSIONS--
scormbridge
--SKIPIF--
<?php
if (!function_exists('proc_open')) {
    die('skip proc_open is disabled');
}
?>
--FILE--
<?php
function describe(array $arguments): string
{
    $process = proc_open(
        [PHP_BINARY, '-n', ...$arguments],
        [1 => ['pipe', 'w'], 2 => ['redirect', 1]],
        $pipes,
    );
    $text = stream_get_contents($pipes[1]);
    proc_close($process);
    return $text;
}

// The runner says how it loads the extension; the other process loads the same.
preg_match_all('/extension(?:_dir)?=[^"\'\s]+/', getenv('TEST_PHP_EXTRA_ARGS'), $matches);
$load = [];
foreach ($matches[0] as $setting) {
    array_push($load, '-d', $setting);
}
$helper = __DIR__ . '/support/describe.inc';
$real = describe([...$load, $helper]);
$stub = describe([$helper, dirname(__DIR__) . '/stubs/scormbridge.stub.php']);

var_dump(substr_count($real, "\n") > 20);
foreach (array_diff(explode("\n", $real), explode("\n", $stub)) as $line) {
    echo "only in the extension: $line\n";
}
foreach (array_diff(explode("\n", $stub), explode("\n", $real)) as $line) {
    echo "only in the stub: $line\n";
}
var_dump($real === $stub);
?>
--EXPECT--
bool(true)
bool(true)
