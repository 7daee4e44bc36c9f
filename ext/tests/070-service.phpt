--TEST--
The way to the service: what is wrong with it is told, and is never taken for a bad value
--EXTENSIONS--
scormbridge
--SKIPIF--
<?php
if (extension_loaded('scormbridge')) {
    die('skip about the way to the local service');
}
?>
--FILE--
<?php
require __DIR__ . '/support/process.inc';

/** What another process is told, that goes another way. */
function told(string $label, array $way): void
{
    $process = proc_open(
        [PHP_BINARY, '-n', ...load_arguments(), __DIR__ . '/support/call.inc'],
        [1 => ['pipe', 'w'], 2 => ['redirect', 1]],
        $pipes,
        null,
        $way + getenv(),
    );
    echo "$label: ", stream_get_contents($pipes[1]);
    proc_close($process);
}

$secret = tempnam(sys_get_temp_dir(), 'secret');
file_put_contents($secret, str_repeat('0', 64));
$silent = stream_socket_server('tcp://127.0.0.1:0');
$address = stream_socket_get_name($silent, false);
fclose($silent);

told('as it should be', []);
told('nothing chosen', ['SCORMBRIDGE_SERVICE' => '']);
told('nobody there', ['SCORMBRIDGE_SERVICE' => '/nowhere/core.sock']);
told('nobody listens', ['SCORMBRIDGE_SERVICE' => "http://$address"]);
told('a relative path', ['SCORMBRIDGE_SERVICE' => 'core.sock']);
told('another machine', ['SCORMBRIDGE_SERVICE' => 'http://192.0.2.1:80']);
told('a name', ['SCORMBRIDGE_SERVICE' => 'http://localhost:80']);
told('no file', ['SCORMBRIDGE_SECRET_FILE' => '/nowhere/secret']);
told('no secret in it', ['SCORMBRIDGE_SECRET_FILE' => __FILE__]);
told('another secret', ['SCORMBRIDGE_SECRET_FILE' => $secret]);
// A proxy would see the site's keys.
told('a proxy', ['http_proxy' => "http://$address", 'all_proxy' => "http://$address"]);
unlink($secret);

// One connection for many calls.
$before = count(scandir('/proc/self/fd'));
for ($i = 0; $i < 50; $i++) {
    Scormbridge\Vault::isSealed('x');
}
var_dump(count(scandir('/proc/self/fd')) - $before < 5);
?>
--EXPECT--
as it should be: sealed and opened
nothing chosen: Scormbridge\Exception core_missing
nobody there: Scormbridge\Exception service_unreachable
nobody listens: Scormbridge\Exception service_unreachable
a relative path: Scormbridge\Exception service_address
another machine: Scormbridge\Exception service_address
a name: Scormbridge\Exception service_address
no file: Scormbridge\Exception service_secret_file
no secret in it: Scormbridge\Exception service_secret_file
another secret: Scormbridge\Exception service_secret
a proxy: sealed and opened
bool(true)
