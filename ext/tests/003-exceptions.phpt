--TEST--
One exception family: typed properties, the caller's file and line, catchable as \Exception
--EXTENSIONS--
scormbridge
--FILE--
<?php
$names = ['Url', 'Manifest', 'Fetch', 'DataModel', 'Seal', 'Ticket', 'Config'];
foreach ($names as $name) {
    $class = "Scormbridge\\{$name}Exception";
    $exception = new $class('made in PHP', 7);
    echo $name, ' ', json_encode([
        get_parent_class($exception), $exception->getMessage(), $exception->getCode(),
        $exception->reason, $exception->details, $exception instanceof \Exception,
    ], JSON_UNESCAPED_SLASHES), "\n";
}

try {
    (new Scormbridge\UrlPolicy([]))->check('http://cdn.example.com/');
} catch (\Exception $e) {
    echo $e::class, "\n";
    var_dump($e->reason, $e->details, $e->getLine() === __LINE__ - 3, basename($e->getFile()));
    var_dump($e->getTrace()[0]['class'], $e->getTrace()[0]['function'], $e->getPrevious());
}

// A NUL would cut the message short where C code prints it.
try {
    (new Scormbridge\UrlPolicy([]))->check("ht\0tp://cdn.example.com/");
} catch (Scormbridge\UrlException $e) {
    var_dump(strpos($e->getMessage() . implode($e->details), "\0"));
}

class Mine extends Scormbridge\FetchException
{
}
$mine = new Mine('subclassed');
$mine->reason = 'mine';
var_dump($mine instanceof Scormbridge\Exception, $mine->reason);
try {
    $mine->reason = [];
} catch (TypeError $e) {
    echo $e->getMessage(), "\n";
}
var_dump(unserialize(serialize(new Scormbridge\SealException('kept')))->getMessage());
?>
--EXPECTF--
Url ["Scormbridge\\Exception","made in PHP",7,"",[],true]
Manifest ["Scormbridge\\Exception","made in PHP",7,"",[],true]
Fetch ["Scormbridge\\Exception","made in PHP",7,"",[],true]
DataModel ["Scormbridge\\Exception","made in PHP",7,"",[],true]
Seal ["Scormbridge\\Exception","made in PHP",7,"",[],true]
Ticket ["Scormbridge\\Exception","made in PHP",7,"",[],true]
Config ["Scormbridge\\Exception","made in PHP",7,"",[],true]
Scormbridge\UrlException
string(10) "url_scheme"
array(1) {
  ["scheme"]=>
  string(4) "http"
}
bool(true)
string(%d) "003-exceptions.php"
string(21) "Scormbridge\UrlPolicy"
string(5) "check"
NULL
bool(false)
bool(true)
string(4) "mine"
Cannot assign array to property Scormbridge\Exception::$reason of type string
string(4) "kept"
