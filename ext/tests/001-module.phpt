--TEST--
The module loads, names its version and has its section in phpinfo()
--EXTENSIONS--
scormbridge
--FILE--
<?php
$version = Scormbridge\version();
var_dump(array_keys($version), $version['protocol']);
var_dump(preg_match('/^\d+\.\d+\.\d+$/', $version['version']));
var_dump($version['version'] === phpversion('scormbridge'));
ob_start();
phpinfo(INFO_MODULES);
$info = ob_get_clean();
var_dump((bool) preg_match('/^scormbridge$/m', $info));
echo implode("\n", preg_grep('/^(External SCORM Bridge|Protocol) /', explode("\n", $info))), "\n";
?>
--EXPECT--
array(2) {
  [0]=>
  string(7) "version"
  [1]=>
  string(8) "protocol"
}
int(1)
int(1)
bool(true)
bool(true)
External SCORM Bridge => enabled
Protocol => 1
