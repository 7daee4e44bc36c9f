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
require __DIR__ . '/support/process.inc';

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

$helper = __DIR__ . '/support/describe.inc';
$real = describe([...load_arguments(), $helper]);
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
