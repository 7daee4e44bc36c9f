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

namespace local_externalscormbridge;

/**
 * The origin of a URL, spelled as browsers spell it.
 *
 * Relay and controller compare origins letter by letter. A person may write a host in capitals or name the port that goes
 * without saying; a browser does neither.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class origin {
    /** Ports that go without saying. */
    private const DEFAULT_PORTS = ['https' => 443, 'http' => 80];

    /**
     * The origin.
     *
     * @param string $url absolute, with a host
     * @return string without a trailing slash
     */
    public static function of(string $url): string {
        $parts = parse_url($url);
        $scheme = strtolower($parts['scheme']);
        $port = $parts['port'] ?? self::DEFAULT_PORTS[$scheme];
        $shown = $port === self::DEFAULT_PORTS[$scheme] ? '' : ":{$port}";
        return "{$scheme}://" . strtolower($parts['host']) . $shown;
    }
}
