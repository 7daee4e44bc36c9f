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

namespace local_externalscormbridge\launch;

use local_externalscormbridge\keyring;

/**
 * How a learner's browser tells them from others who use it.
 *
 * What waits in a browser to be sent is filed under the tag and sealed with the key. Both are derived from a secret of the
 * site and the learner, independently of each other: whoever finds a tag on a shared computer learns neither the key nor
 * whose it is.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class owner {
    /**
     * Names a learner in a browser.
     *
     * @param int $userid
     * @return string 32 hexadecimal digits
     */
    public static function tag(int $userid): string {
        return bin2hex(self::derive('tag', 16, $userid));
    }

    /**
     * Seals what a learner's browser keeps.
     *
     * @param int $userid
     * @return string 64 hexadecimal digits
     */
    public static function key(int $userid): string {
        return bin2hex(self::derive('key', 32, $userid));
    }

    /**
     * Whether the current user is a person of their own: not the guest whom many share, and not somebody who only looks
     * through a learner's eyes and would leave that learner's work on their own device.
     *
     * @return bool
     */
    public static function is_somebody(): bool {
        return isloggedin() && !isguestuser() && !\core\session\manager::is_loggedinas();
    }

    /**
     * A secret for one purpose (HKDF, RFC 5869).
     *
     * @param string $purpose
     * @param int $bytes
     * @param int $userid
     * @return string
     */
    private static function derive(string $purpose, int $bytes, int $userid): string {
        $ring = keyring::load(keyring::OWNERS);
        return hash_hkdf('sha256', hex2bin($ring['keys'][$ring['current']]), $bytes, "scormbridge owner {$purpose} {$userid}");
    }
}
