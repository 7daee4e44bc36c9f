--TEST--
Gateway: works before, in and after a fork, and a child cannot disturb its parent's download
--EXTENSIONS--
scormbridge
pcntl
--FILE--
<?php
require __DIR__ . '/support/outcome.inc';
require __DIR__ . '/support/content.inc';

/** Runs a child and gives what it printed. */
function child(callable $work): string
{
    [$mine, $its] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
    $id = pcntl_fork();
    if ($id === 0) {
        fclose($mine);
        ob_start();
        $work();
        fwrite($its, ob_get_clean());
        exit(0);
    }
    fclose($its);
    $text = stream_get_contents($mine);
    pcntl_waitpid($id, $status);
    return $text . (pcntl_wifexited($status) && pcntl_wexitstatus($status) === 0 ? '' : "died: $status\n");
}

cdn();
$gateway = gateway();
$page = static function () use ($gateway): void {
    outcome('page', fn() => strlen(content($gateway->serve(ask('index.html')))) > 10);
};

// As php-fpm does it: made in the parent, first used in the children.
echo child($page), child($page);

// And after the parent has used it.
$page();
echo child($page);

$hash = static function (Scormbridge\Response $response, string $start = ''): string {
    $hash = hash_init('sha256');
    hash_update($hash, $start);
    while (($piece = $response->read()) !== null) {
        hash_update($hash, $piece);
    }
    return hash_final($hash);
};
$whole = $hash($gateway->serve(ask('big.bin')));
$download = $gateway->serve(ask('big.bin'));
$start = $download->read();
echo child(static function () use ($download, $page): void {
    outcome('inherited status', fn() => $download->status());
    outcome('inherited content', fn() => $download->read());
    $page();
});
var_dump($hash($download, $start) === $whole);
$page();
?>
--EXPECT--
page: true
page: true
page: true
page: true
inherited status: 200
inherited content: Scormbridge\FetchException fetch_other_process
page: true
bool(true)
page: true
