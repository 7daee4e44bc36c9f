<?php

/**
 * Microseconds of the API's calls, by name, as JSON: the median of five rounds. By the extension or by the local service,
 * whichever this PHP was started with.
 */
require __DIR__ . '/../../ext/tests/support/cdn.inc';

use Scormbridge\{DataModel, Gateway, Manifest, Tickets, UrlPolicy, Vault};

const SITE = 'https://moodle.example.org';

$keys = ['k1' => str_repeat('0a', 32)];
$vault = new Vault($keys, 'k1');
$place = ['17', '1024', '33', '2', 'cmi.suspend_data'];
$text = str_repeat('x', 60_000);
[$short, $long] = [$vault->seal('page-3', $place), $vault->seal($text, $place)];

$context = ['version' => '2004', 'learner' => ['id' => 'ana', 'name' => 'Ana']];
$stored = ['cmi.location' => 'p1', 'cmi.suspend_data' => substr($text, 0, 20_000)];
for ($i = 0; $i < 40; $i++) {
    $stored["cmi.interactions.$i.id"] = "q$i";
    $stored["cmi.interactions.$i.type"] = 'choice';
    $stored["cmi.interactions.$i.learner_response"] = 'a';
}
$entries = [['seq' => 1, 'op' => 'initialize', 'at' => 1]];
for ($i = 2; $i <= 20; $i++) {
    $entries[] = ['seq' => $i, 'op' => 'set', 'element' => 'cmi.location', 'value' => "p$i", 'at' => 1];
}
$entries = json_encode($entries);

$policy = new UrlPolicy(['allow' => ['cdn.example.com']]);
$gateway = new Gateway(['devloopback' => true, 'tickets' => ['keys' => $keys, 'current' => 'k1'], 'audience' => SITE]);
$ticket = (new Tickets($keys, 'k1'))->issue([
    'scope' => 'content', 'aud' => SITE, 'exp' => time() + 3600, 'base' => cdn() . '/golf/', 'mode' => 'host', 'lms' => SITE,
]);
$serve = static function (string $path) use ($gateway, $ticket): void {
    $headers = ['host' => 'content.example.org'];
    $response = $gateway->serve(['method' => 'GET', 'ticket' => $ticket, 'path' => $path, 'query' => '', 'headers' => $headers]);
    while ($response->read() !== null) {
        continue;
    }
};

$calls = [
    'UrlPolicy::check' => [500, fn() => $policy->check('https://cdn.example.com/a/')],
    'Vault::seal, 6 bytes' => [500, fn() => $vault->seal('page-3', $place)],
    'Vault::open, 6 bytes' => [500, fn() => $vault->open($short, $place)],
    'Vault::seal, 60,000 bytes' => [200, fn() => $vault->seal($text, $place)],
    'Vault::open, 60,000 bytes' => [200, fn() => $vault->open($long, $place)],
    'DataModel::seed, 122 elements' => [200, fn() => DataModel::seed($context, $stored)],
    'DataModel::replay, 20 entries' => [200, fn() => DataModel::replay($context, $stored, [], $entries)],
    'Gateway::probe' => [50, fn() => $gateway->probe(cdn() . '/golf/', ['lms' => SITE])],
    'Gateway::serve, 42 bytes' => [100, fn() => $serve('index.html')],
    'Gateway::serve, 20 MB' => [5, fn() => $serve('big.bin')],
];
$medians = [];
foreach ($calls as $name => [$times, $call]) {
    $call();
    $rounds = [];
    for ($round = 0; $round < 5; $round++) {
        $start = hrtime(true);
        for ($i = 0; $i < $times; $i++) {
            $call();
        }
        $rounds[] = (hrtime(true) - $start) / $times / 1000;
    }
    sort($rounds);
    $medians[$name] = $rounds[2];
}
echo json_encode($medians), "\n";
