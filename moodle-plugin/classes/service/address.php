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
 * What may be entered for the service: a place on this machine, and a file with a secret.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class address {
    /**
     * Whether calls may be sent there: to a Unix socket, or to a loopback address.
     *
     * @param string $address
     * @return bool
     */
    public static function is_valid(string $address): bool {
        if (self::is_socket($address)) {
            return !preg_match('/[\x00-\x1f\x7f]/', $address);
        }
        $loopback = '(?:127(?:\.(?:25[0-5]|2[0-4]\d|1?\d?\d)){3}|\[::1\])';
        return preg_match("~^http://{$loopback}:(\\d{1,5})/?$~D", $address, $match) === 1
            && (int) $match[1] >= 1 && (int) $match[1] <= 65535;
    }

    /**
     * Whether an address is a Unix socket.
     *
     * @param string $address
     * @return bool
     */
    public static function is_socket(string $address): bool {
        return str_starts_with($address, '/');
    }

    /**
     * The secret in a file.
     *
     * @param string $file path
     * @return string|null null if the file cannot be read, or what is in it is none
     */
    public static function secret(string $file): ?string {
        // Relative paths and what PHP takes for a URL lead elsewhere for every page.
        if (!str_starts_with($file, '/') || !is_file($file) || !is_readable($file)) {
            return null;
        }
        $text = rtrim((string) file_get_contents($file, false, null, 0, 1024));
        return preg_match('/^[!-~]{32,512}$/D', $text) ? $text : null;
    }
}
