<?php
// This file is part of Moodle - http://moodle.org/
//
// Moodle is free software: you can redistribute it and/or modify
// it under the terms of the GNU General Public License as published by
// the Free Software Foundation, either version 3 of the License, or
// (at your option) any later version.
//
// Moodle is distributed in the hope that it will be useful,
// but WITHOUT ANY WARRANTY; without even the implied warranty of
// MERCHANTABILITY or FITNESS FOR A PARTICULAR PURPOSE.  See the
// GNU General Public License for more details.
//
// You should have received a copy of the GNU General Public License
// along with Moodle.  If not, see <http://www.gnu.org/licenses/>.

namespace local_externalscormbridge\service;

/**
 * What is sent to the local service, and with which secret. That calls come to the same as the extension's is what the
 * extension's own tests say.
 *
 * @covers \local_externalscormbridge\service\address
 * @covers \local_externalscormbridge\service\request
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class request_test extends \basic_testcase {
    /**
     * Arguments and their bytes, as docs/protocol.md has them.
     *
     * @return array
     */
    public static function arguments(): array {
        $circle = [];
        $circle['in itself'] = &$circle;
        return [
            'none' => [[], "[]\n"],
            'texts follow the line' => [['k1', 'plain'], "[2,5]\nk1plain"],
            'whatever bytes they have' => [["\xff\n\0", 'ü'], "[3,2]\n\xff\n\0ü"],
            'an array stays in the line' => [[['k1' => 'é/"'], '', [17, 'cmi']], '[{"k1":"é/\""},0,[17,"cmi"]]' . "\n"],
            'keys as PHP has them' => [[[5 => 'a', 'b' => null]], '[{"5":"a","b":null}]' . "\n"],
            'numbers keep their kind' => [[1, [1.0, 0.5, true]], "[1,[1.0,0.5,true]]\n"],
            'text that is none' => [[["\xff"]], '[[{"\u0000":"encoding"}]]' . "\n"],
            'a key that is no text' => [[["\xff" => 1]], '[{"\u0000":"encoding"}]' . "\n"],
            'an object' => [[[new \stdClass()]], '[[{"\u0000":"object"}]]' . "\n"],
            'a closure' => [[[fn() => 1]], '[[{"\u0000":"object"}]]' . "\n"],
            'no end' => [[[INF, NAN]], '[[{"\u0000":"other"},{"\u0000":"other"}]]' . "\n"],
            'in itself' => [[$circle], '[' . str_repeat('{"in itself":', 16) . '[]' . str_repeat('}', 16) . "]\n"],
        ];
    }

    /**
     * A request is read in pieces of any size, and once more after that.
     *
     * @dataProvider arguments
     * @param array $arguments
     * @param string $bytes
     */
    public function test_bytes(array $arguments, string $bytes): void {
        $request = new request($arguments);
        $this->assertSame(strlen($bytes), $request->length());
        foreach ([1, 3, 65536] as $size) {
            $read = '';
            while (($piece = $request->read($size)) !== '') {
                $this->assertLessThanOrEqual($size, strlen($piece));
                $read .= $piece;
            }
            $this->assertSame($bytes, $read);
            $request->rewind();
        }
    }

    /**
     * What is in a file, and the secret in it.
     *
     * @return array
     */
    public static function secrets(): array {
        $good = str_repeat('0a', 32);
        return [
            'one line' => [$good, $good],
            'with its end' => ["{$good}\r\n", $good],
            'too short' => [substr($good, 0, 31), null],
            'too long' => [str_repeat($good, 9), null],
            'two lines' => ["{$good}\n{$good}", null],
            'a header of its own' => ["{$good}\r\nX-More: 1", null],
            'not ASCII' => [str_repeat('ü', 32), null],
        ];
    }

    /**
     * Only what looks like a secret is sent as one.
     *
     * @dataProvider secrets
     * @param string $content
     * @param string|null $secret
     */
    public function test_secret(string $content, ?string $secret): void {
        $file = make_request_directory() . '/secret';
        file_put_contents($file, $content);
        $this->assertSame($secret, address::secret($file));
        $this->assertNull(address::secret("file://{$file}"));
        $this->assertNull(address::secret(dirname($file)));
    }
}
