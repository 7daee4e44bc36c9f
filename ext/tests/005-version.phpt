--TEST--
Version and number of the wire formats are told
--EXTENSIONS--
scormbridge
--FILE--
<?php
$version = Scormbridge\version();
var_dump(array_keys($version), $version['protocol']);
var_dump(preg_match('/^\d+\.\d+\.\d+$/', $version['version']));
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
