--TEST--
Neither results nor exceptions leave memory behind
--EXTENSIONS--
scormbridge
--FILE--
<?php
require __DIR__ . '/support/manifest.inc';
use Scormbridge\{DataModel, Gateway, Manifest, Tickets, UrlPolicy, Vault};

$key = Vault::newKey();
$context = ['version' => '2004', 'learner' => ['id' => 'ana', 'name' => 'Ana']];
$journal = '[{"seq":1,"op":"initialize","at":1},{"seq":2,"op":"set","element":"cmi.location","value":"p3","at":1}]';
$policy = new UrlPolicy([]);
$vault = new Vault(['a' => $key], 'a');
$circle = [];
$circle['a'] = &$circle;
$works = [
    fn() => Manifest::parse(manifest()),
    fn() => Manifest::scoTree(manifest()),
    fn() => Manifest::parse('<manifest>'),
    fn() => $policy->check('https://cdn.example.com/a'),
    fn() => $policy->check('http://cdn.example.com/a'),
    fn() => new UrlPolicy(['allow' => [['deep' => ['deeper' => $circle]]]]),
    fn() => new UrlPolicy(['allow' => array_fill(0, 200, "\xff")]),
    fn() => $vault->open($vault->seal(str_repeat('x', 10_000), [1, 'a']), [1, 'a']),
    fn() => $vault->open('esb1:a:AAAA', []),
    fn() => (new Tickets(['a' => $key], 'a'))->verify('v1.a.b.c', 'content', 'x', 0),
    fn() => DataModel::seed($context, ['cmi.location' => 'p1', 'cmi.suspend_data' => str_repeat('s', 10_000)]),
    fn() => DataModel::replay($context, [], [], $journal),
    fn() => DataModel::replay($context, [], ['last_seq' => 7], $journal . ' '),
    fn() => (new Gateway(['devloopback' => true]))->serve(
        ['method' => 'GET', 'ticket' => '', 'path' => '', 'headers' => ['host' => 'a']],
    )->read(),
    fn() => new Gateway(['connecttimeout' => 0]),
];
$run = static function () use ($works): void {
    foreach ($works as $work) {
        try {
            $work();
        } catch (Scormbridge\Exception) {
            continue;
        }
    }
};
for ($i = 0; $i < 20; $i++) {
    $run();
}
gc_collect_cycles();
$before = memory_get_usage();
for ($i = 0; $i < 500; $i++) {
    $run();
}
gc_collect_cycles();
var_dump(memory_get_usage() - $before < 4096);

// What was passed in is as it was.
$options = ['allow' => ['cdn.example.com'], 'ports' => [8443]];
$copy = $options;
new UrlPolicy($options);
var_dump($options === $copy);
?>
--EXPECT--
bool(true)
bool(true)
