--TEST--
UrlPolicy: what passes, what is refused, and what options are a mistake
--EXTENSIONS--
scormbridge
--FILE--
<?php
require __DIR__ . '/support/outcome.inc';
use Scormbridge\UrlPolicy;

$any = new UrlPolicy([]);
outcome('public', fn() => $any->check('https://CDN.example.com/a/../b'));
outcome('http', fn() => $any->check('http://cdn.example.com/'));
outcome('private', fn() => $any->check('https://[::ffff:10.0.0.1]/'));
outcome('Latin-1', fn() => $any->check("https://cdn.example.com/k\xfcrs/"));
outcome('a lone surrogate in UTF-8', fn() => $any->check("https://cdn.example.com/\xed\xa0\x80"));
$listed = new UrlPolicy(['allow' => ['*.example.com'], 'ports' => [8443], 'maxlength' => 40]);
outcome('listed', fn() => $listed->check('https://cdn.example.com:8443/'));
outcome('not listed', fn() => $listed->check('https://cdn.example.org/'));
outcome('too long', fn() => $listed->check('https://cdn.example.com/' . str_repeat('a', 40)));
outcome('loopback', fn() => (new UrlPolicy(['devloopback' => true]))->check('http://127.0.0.1:8080/'));

outcome('no pattern', fn() => new UrlPolicy(['allow' => ['ht tp']]));
outcome('unknown option', fn() => new UrlPolicy(['alow' => []]));
outcome('keys in a list', fn() => new UrlPolicy(['allow' => ['a' => 'cdn.example.com']]));
outcome('a number for text', fn() => new UrlPolicy(['allow' => ['cdn.example.com', 5]]));
outcome('text for a number', fn() => new UrlPolicy(['ports' => ['8443']]));
outcome('a port too high', fn() => new UrlPolicy(['ports' => [443, 65536]]));
outcome('null for a list', fn() => new UrlPolicy(['allow' => null]));
outcome('an object', fn() => new UrlPolicy(['allow' => [new stdClass()]]));
outcome('a closure', fn() => new UrlPolicy(['allow' => fn() => 1]));
outcome('a resource', fn() => new UrlPolicy(['allow' => [STDIN]]));
outcome('not UTF-8 inside', fn() => new UrlPolicy(['allow' => ["k\xfcrs.example.com"]]));
outcome('not UTF-8 as key', fn() => new UrlPolicy(["all\xf6w" => []]));
outcome('too many items', fn() => new UrlPolicy(['allow' => array_fill(0, 20_000, 'a.example')]));
outcome('too many bytes', fn() => new UrlPolicy(['allow' => [str_repeat('a', 2 << 20)]]));

outcome('wrong argument', fn() => $any->check([]));
outcome('wrong options', fn() => new UrlPolicy('cdn.example.com'));
outcome('copied', fn() => clone $any);

// A reference inside an array is read through.
$host = 'cdn.example.com';
$options = ['allow' => [&$host]];
outcome('by reference', fn() => (new UrlPolicy($options))->check('https://cdn.example.com/')['host']);
?>
--EXPECT--
public: {"url":"https://cdn.example.com/b","origin":"https://cdn.example.com","host":"cdn.example.com","port":443}
http: Scormbridge\UrlException url_scheme
private: Scormbridge\UrlException url_private_address
Latin-1: Scormbridge\UrlException input_encoding at url
a lone surrogate in UTF-8: Scormbridge\UrlException input_encoding at url
listed: {"url":"https://cdn.example.com:8443/","origin":"https://cdn.example.com:8443","host":"cdn.example.com","port":8443}
not listed: Scormbridge\UrlException url_host_not_allowed
too long: Scormbridge\UrlException url_too_long
loopback: {"url":"http://127.0.0.1:8080/","origin":"http://127.0.0.1:8080","host":"127.0.0.1","port":8080}
no pattern: Scormbridge\ConfigException pattern_host
unknown option: Scormbridge\ConfigException input_value at options.alow
keys in a list: Scormbridge\ConfigException input_value at options.allow
a number for text: Scormbridge\ConfigException input_value at options.allow.1
text for a number: Scormbridge\ConfigException input_value at options.ports.0
a port too high: Scormbridge\ConfigException input_value at options.ports.1
null for a list: Scormbridge\ConfigException input_value at options.allow
an object: Scormbridge\ConfigException input_value at options.allow.0
a closure: Scormbridge\ConfigException input_value at options.allow
a resource: Scormbridge\ConfigException input_value at options.allow.0
not UTF-8 inside: Scormbridge\ConfigException input_encoding at options.allow.0
not UTF-8 as key: Scormbridge\ConfigException input_encoding at options
too many items: Scormbridge\ConfigException input_items at options.allow
too many bytes: Scormbridge\ConfigException input_bytes at options.allow.0
wrong argument: TypeError
wrong options: TypeError
copied: Error
by reference: "cdn.example.com"
