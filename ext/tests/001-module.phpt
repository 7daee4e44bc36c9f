--TEST--
The module loads, has its version as PHP's modules do, and its section in phpinfo()
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
var_dump(Scormbridge\version()['version'] === phpversion('scormbridge'));
ob_start();
phpinfo(INFO_MODULES);
$info = ob_get_clean();
var_dump((bool) preg_match('/^scormbridge$/m', $info));
echo implode("\n", preg_grep('/^(External SCORM Bridge|Protocol) /', explode("\n", $info))), "\n";
?>
--EXPECT--
bool(true)
bool(true)
External SCORM Bridge => enabled
Protocol => 1
