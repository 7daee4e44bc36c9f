--TEST--
Gateway: a probe finds the package, or says what is wrong under the class of the cause
--EXTENSIONS--
scormbridge
--FILE--
<?php
require __DIR__ . '/support/outcome.inc';
require __DIR__ . '/support/content.inc';
use Scormbridge\Gateway;

$options = ['lms' => SITE];
$gateway = gateway();
foreach (['/golf/imsmanifest.xml', '/golf/', '/golf/index.html'] as $path) {
    $probe = $gateway->probe(cdn() . $path, $options);
    var_dump($probe['manifest_url'] === cdn() . '/golf/imsmanifest.xml');
}
var_dump($probe['base_url'] === cdn() . '/golf/', $probe['version'], $probe['title']);
var_dump($probe['manifest_sha256'] === hash('sha256', manifest()));
var_dump($probe['tree'] === Scormbridge\Manifest::scoTree(manifest()));
echo json_encode([$probe['scos'], array_keys($probe['delivery'])], JSON_UNESCAPED_SLASHES), "\n";

$probe = fn($path) => fn() => $gateway->probe(cdn() . $path, $options);
outcome('nothing there', $probe('/nothing/'));
outcome('launch file missing', $probe('/gone/'));
outcome('not well-formed', $probe('/broken/'));
outcome('nothing to launch', $probe('/empty/'));
outcome('redirect to a private address', $probe('/private/'));
$tight = new Gateway(['devloopback' => true, 'maxmanifestbytes' => 100_000]);
outcome('too large', fn() => $tight->probe(cdn() . '/large/', $options));
outcome('too large by limit', fn() => (new Gateway(['devloopback' => true, 'manifest' => ['max_items' => 1]]))
    ->probe(cdn() . '/golf/', $options));

outcome('no development switch', fn() => (new Gateway([]))->probe(cdn() . '/golf/', $options));
outcome('not listed', fn() => (new Gateway(['allow' => ['cdn.example.com']]))
    ->probe('https://other.example.com/', $options));
outcome('private', fn() => $gateway->probe('https://192.168.1.1/', $options));
outcome('no URL', fn() => $gateway->probe('golf', $options));
outcome('not UTF-8', fn() => $gateway->probe("https://\xff/", $options));
$closed = stream_socket_server('tcp://127.0.0.1:0');
$address = stream_socket_get_name($closed, false);
fclose($closed);
outcome('nobody listens', fn() => $gateway->probe("http://$address/", $options));
$silent = stream_socket_server('tcp://127.0.0.1:0');
$impatient = new Gateway(['devloopback' => true, 'readtimeout' => 0.2]);
outcome('no answer', fn() => $impatient->probe('http://' . stream_socket_get_name($silent, false) . '/', $options));

outcome('no origin', fn() => $gateway->probe(cdn() . '/golf/', []));
outcome('unknown option', fn() => $gateway->probe(cdn() . '/golf/', $options + ['more' => 1]));
?>
--EXPECTF--
bool(true)
bool(true)
bool(true)
bool(true)
string(3) "1.2"
string(6) "Course"
bool(true)
bool(true)
[[{"identifier":"I1","title":"One","launch":"http://127.0.0.1:%d/golf/index.html"}],["direct","host","sandbox"]]
nothing there: Scormbridge\FetchException probe_manifest_not_found
launch file missing: Scormbridge\FetchException probe_launch_missing
not well-formed: Scormbridge\ManifestException manifest_truncated
nothing to launch: Scormbridge\ManifestException probe_no_launchable_sco
redirect to a private address: Scormbridge\FetchException fetch_redirect_refused
too large: Scormbridge\FetchException fetch_too_large
too large by limit: Scormbridge\ManifestException manifest_too_many_items
no development switch: Scormbridge\UrlException url_scheme
not listed: Scormbridge\UrlException url_host_not_allowed
private: Scormbridge\UrlException url_private_address
no URL: Scormbridge\UrlException url_malformed
not UTF-8: Scormbridge\UrlException input_encoding at url
nobody listens: Scormbridge\FetchException fetch_connect
no answer: Scormbridge\FetchException fetch_timeout
no origin: Scormbridge\ConfigException input_value at options
unknown option: Scormbridge\ConfigException input_value at options.more
