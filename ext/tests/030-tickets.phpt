--TEST--
Tickets: signed, scoped, for one site, until they expire
--EXTENSIONS--
scormbridge
--FILE--
<?php
declare(strict_types=1);

require __DIR__ . '/support/outcome.inc';
use Scormbridge\Tickets;
use Scormbridge\Vault;

$key = Vault::newKey();
$tickets = new Tickets(['a' => $key], 'a');
$site = 'https://moodle.example.org';
$launch = str_repeat('0a', 16);
$commit = ['scope' => 'commit', 'aud' => $site, 'exp' => 2_000_000_000, 'launch' => $launch];
$content = [
    'scope' => 'content', 'aud' => $site, 'exp' => 2_000_000_000,
    'base' => 'https://cdn.example.com/golf/', 'mode' => 'host', 'lms' => $site,
];
$ticket = $tickets->issue($commit);
outcome('commit', fn() => $tickets->verify($ticket, 'commit', $site, 1_999_999_999) == $commit);
outcome('content', fn() => $tickets->verify($tickets->issue($content), 'content', $site, 0) == $content);
outcome('rotated', fn() => (new Tickets(['a' => $key, 'b' => Vault::newKey()], 'b'))
    ->verify($ticket, 'commit', $site, 0)['launch'] === $launch);

outcome('expired', fn() => $tickets->verify($ticket, 'commit', $site, 2_000_000_000));
outcome('another scope', fn() => $tickets->verify($ticket, 'content', $site, 0));
outcome('another site', fn() => $tickets->verify($ticket, 'commit', 'https://other.example.org', 0));
outcome('another key', fn() => (new Tickets(['a' => Vault::newKey()], 'a'))->verify($ticket, 'commit', $site, 0));
outcome('unknown key', fn() => (new Tickets(['b' => $key], 'b'))->verify($ticket, 'commit', $site, 0));
outcome('changed', fn() => $tickets->verify(strrev($ticket), 'commit', $site, 0));
outcome('nothing', fn() => $tickets->verify('', 'commit', $site, 0));
outcome('binary', fn() => $tickets->verify("v1.\xff", 'commit', $site, 0));
outcome('long', fn() => $tickets->verify(str_repeat('a', 5000), 'commit', $site, 0));
outcome('no such scope', fn() => $tickets->verify($ticket, 'admin', $site, 0));
outcome('time as text', fn() => $tickets->verify($ticket, 'commit', $site, '0'));

outcome('claim missing', fn() => $tickets->issue(['scope' => 'commit', 'aud' => $site, 'exp' => 1]));
outcome('claim unknown', fn() => $tickets->issue($commit + ['learner' => 5]));
outcome('claim of the wrong type', fn() => $tickets->issue(['exp' => '1'] + $commit));
outcome('claim out of shape', fn() => $tickets->issue(['launch' => 'x'] + $commit));
outcome('scope unknown', fn() => $tickets->issue(['scope' => 'admin'] + $commit));
outcome('claim not UTF-8', fn() => $tickets->issue(['aud' => "\xff"] + $commit));
outcome('claim too long', fn() => $tickets->issue(['base' => 'https://cdn.example.com/' . str_repeat('a', 3000) . '/'] + $content));
outcome('short key', fn() => new Tickets(['a' => 'ff'], 'a'));
?>
--EXPECT--
commit: true
content: true
rotated: true
expired: Scormbridge\TicketException ticket_expired
another scope: Scormbridge\TicketException ticket_scope
another site: Scormbridge\TicketException ticket_audience
another key: Scormbridge\TicketException ticket_forged
unknown key: Scormbridge\TicketException ticket_unknown_key
changed: Scormbridge\TicketException ticket_version
nothing: Scormbridge\TicketException ticket_malformed
binary: Scormbridge\TicketException input_encoding at ticket
long: Scormbridge\TicketException ticket_too_long
no such scope: Scormbridge\ConfigException ticket_scope_unknown
time as text: TypeError
claim missing: Scormbridge\TicketException input_value at claims
claim unknown: Scormbridge\TicketException input_value at claims
claim of the wrong type: Scormbridge\TicketException input_value at claims
claim out of shape: Scormbridge\TicketException ticket_claim
scope unknown: Scormbridge\TicketException input_value at claims.scope
claim not UTF-8: Scormbridge\TicketException input_encoding at claims.aud
claim too long: Scormbridge\TicketException ticket_too_long
short key: Scormbridge\ConfigException key_format
