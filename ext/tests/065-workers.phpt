--TEST--
Gateway: every worker of a forking web server can use it, request after request
--EXTENSIONS--
scormbridge
pcntl
--SKIPIF--
<?php
if (!function_exists('proc_open')) {
    die('skip proc_open is disabled');
}
?>
--FILE--
<?php
require __DIR__ . '/support/content.inc';
require __DIR__ . '/support/process.inc';

$free = stream_socket_server('tcp://127.0.0.1:0');
$address = stream_socket_get_name($free, false);
fclose($free);
$server = proc_open(
    [PHP_BINARY, '-n', ...load_arguments(), '-S', $address, __DIR__ . '/support/worker.inc'],
    [1 => ['file', '/dev/null', 'w'], 2 => ['file', '/dev/null', 'w']],
    $pipes,
    null,
    ['PHP_CLI_SERVER_WORKERS' => '3'] + getenv(),
);
$group = proc_get_status($server)['pid'];
register_shutdown_function(static function () use ($server, $group): void {
    // The workers are children of the server and end with a signal of their own.
    foreach (explode(' ', trim((string) @file_get_contents("/proc/$group/task/$group/children"))) as $worker) {
        if ($worker !== '') {
            stop((int) $worker);
        }
    }
    proc_terminate($server);
});
for ($wait = 0; $wait < 100 && !@fsockopen('tcp://' . $address); $wait++) {
    usleep(50_000);
}

$workers = [];
$good = 0;
for ($round = 0; $round < 8; $round++) {
    // Several at a time, so that more than one worker gets some.
    $sockets = [];
    for ($i = 0; $i < 6; $i++) {
        $socket = stream_socket_client("tcp://$address");
        fwrite($socket, 'GET /?cdn=' . urlencode(cdn()) . " HTTP/1.0\r\nHost: x\r\n\r\n");
        $sockets[] = $socket;
    }
    foreach ($sockets as $socket) {
        [, $body] = explode("\r\n\r\n", stream_get_contents($socket), 2);
        [$worker, $status, $length] = explode(' ', $body) + ['', '', ''];
        $workers[$worker] = true;
        $good += $status === '200' && $length === '42';
    }
}
var_dump($good, count($workers) > 1);
?>
--EXPECT--
int(48)
bool(true)
