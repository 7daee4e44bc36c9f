--TEST--
No object comes to be without its constructor, so none is without its rules
--EXTENSIONS--
scormbridge
--SKIPIF--
<?php
if (!extension_loaded('scormbridge')) {
    die('skip about the extension as a module of PHP');
}
?>
--FILE--
<?php
foreach (['UrlPolicy', 'Vault', 'Tickets', 'Gateway', 'Response', 'Manifest', 'DataModel'] as $name) {
    try {
        (new ReflectionClass("Scormbridge\\$name"))->newInstanceWithoutConstructor();
        echo "$name was made\n";
    } catch (ReflectionException) {
        echo "$name was not made\n";
    }
}
?>
--EXPECT--
UrlPolicy was not made
Vault was not made
Tickets was not made
Gateway was not made
Response was not made
Manifest was not made
DataModel was not made
