--TEST--
Gateway: serves the files of a package to whoever holds its ticket, and nobody else
--EXTENSIONS--
scormbridge
--FILE--
<?php
require __DIR__ . '/support/outcome.inc';
require __DIR__ . '/support/content.inc';

$gateway = gateway();
function headers(Scormbridge\Response $response): array
{
    return array_column($response->headers(), 1, 0);
}

$page = $gateway->serve(ask('index.html'));
var_dump($page->status(), $page->reason(), content($page), $page->read());
var_dump(headers($page)['content-type'], array_is_list($page->headers()));

$head = $gateway->serve(ask('index.html', ['method' => 'HEAD']));
var_dump($head->status(), headers($head)['content-type'], $head->read());

$part = $gateway->serve(ask('range.bin', [], ['range' => 'bytes=10-41']));
var_dump($part->status(), headers($part)['content-range'], content($part) === big(10, 32));

$relay = $gateway->serve(ask('scormbridge/relay.json'));
var_dump($relay->status(), json_decode(content($relay), true)['origins']);

// Sandboxed, a page of the package comes inside a shell that seeds it first.
$shell = $gateway->serve(ask('index.html', ['ticket' => ticket(['mode' => 'sandbox'])], ['sec-fetch-dest' => 'iframe']));
$html = content($shell);
var_dump($shell->status(), str_contains(headers($shell)['content-security-policy'], 'sandbox'));
var_dump(str_contains($html, 'Fore!'), str_contains($html, '<p>Fore!'));

// What is refused is an answer as well: a page for the learner, a reason for the log.
$refused = static function (string $label, array $request) use ($gateway): void {
    $response = $gateway->serve($request);
    $text = content($response);
    echo "$label: {$response->status()} {$response->reason()}", $text === '' ? ' EMPTY' : '', "\n";
};
$refused('no ticket', ask('index.html', ['ticket' => '']));
$refused('forged', ask('index.html', ['ticket' => ticket() . 'x']));
$refused('expired', ask('index.html', ['ticket' => ticket(['exp' => time() - 1])]));
$refused('another site', ask('index.html', ['ticket' => ticket(['aud' => 'https://other.example.org'])]));
$refused('missing', ask('nothing.html'));
$refused('outside', ask('../secret.html'));
$refused('outside, encoded', ask('%2e%2e/secret.html'));
$refused('method', ask('index.html', ['method' => 'POST']));
$refused('on the site\'s own host', ask('index.html', [], ['host' => 'moodle.example.org']));
$refused('service worker', ask('index.html', [], ['sec-fetch-dest' => 'serviceworker']));
$silent = new Scormbridge\Gateway(['devloopback' => true]);
var_dump($silent->serve(ask('index.html'))->reason());
$policed = new Scormbridge\Gateway(['tickets' => KEYS, 'audience' => SITE]);
var_dump($policed->serve(ask('index.html'))->reason());

outcome('no path', fn() => $gateway->serve(['method' => 'GET', 'ticket' => ticket()]));
outcome('unknown member', fn() => $gateway->serve(ask('index.html') + ['body' => 'x']));
outcome('header list', fn() => $gateway->serve(['headers' => [['host', 'x']]] + ask('index.html')));
outcome('binary path', fn() => $gateway->serve(ask("\xff")));
outcome('not a request', fn() => $gateway->serve('index.html'));

// A content that breaks off is an error at every read, never an early end.
$cut = $gateway->serve(ask('cut.bin'));
var_dump($cut->status(), strlen($cut->read()));
outcome('broken off', fn() => content($cut));
outcome('still broken off', fn() => $cut->read());
outcome('copied', fn() => clone $cut);
?>
--EXPECT--
int(200)
NULL
string(42) "<!DOCTYPE html><title>Golf</title><p>Fore!"
NULL
string(9) "text/html"
bool(true)
int(200)
string(9) "text/html"
NULL
int(206)
string(16) "bytes 10-41/1000"
bool(true)
int(200)
array(1) {
  [0]=>
  string(26) "https://moodle.example.org"
}
int(200)
bool(true)
bool(true)
bool(false)
no ticket: 403 ticket_malformed
forged: 403 ticket_forged
expired: 403 ticket_expired
another site: 403 ticket_audience
missing: 404 content_missing
outside: 400 content_path
outside, encoded: 400 content_path
method: 405 content_method
on the site's own host: 403 content_wrong_host
service worker: 403 content_service_worker
string(19) "content_not_serving"
string(10) "url_scheme"
no path: Scormbridge\FetchException input_value at request
unknown member: Scormbridge\FetchException input_value at request.body
header list: Scormbridge\FetchException input_value at request.headers.0
binary path: Scormbridge\FetchException input_encoding at request.path
not a request: TypeError
int(200)
int(1000)
broken off: Scormbridge\FetchException fetch_protocol
still broken off: Scormbridge\FetchException fetch_protocol
copied: Error
