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

namespace local_externalscormbridge\package;

use local_externalscormbridge\gateway_options;
use local_externalscormbridge\origin;

/**
 * Asks the CDN for a package, once per request.
 *
 * The form asks while it validates and again when it saves; the second time must find exactly what the first time was
 * shown to the instructor, and must not cost another round of requests.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class prober {
    /** @var array<string, array> probes of this request by URL */
    private static array $probes = [];

    /**
     * What is at the URL.
     *
     * @param string $url
     * @return array as \Scormbridge\Gateway::probe() gives it
     * @throws \Scormbridge\Exception with the reason
     */
    public static function probe(string $url): array {
        return self::$probes[$url] ??= self::ask($url);
    }

    /**
     * Asks anew, whatever was found before.
     *
     * @param string $url
     * @return array
     * @throws \Scormbridge\Exception with the reason
     */
    public static function ask(string $url): array {
        global $CFG;

        $gateway = new \Scormbridge\Gateway(gateway_options::current() + ['audience' => $CFG->wwwroot]);
        return $gateway->probe($url, ['lms' => self::lms_origin()]);
    }

    /**
     * The origin that a relay beside the package must trust.
     *
     * @return string
     */
    public static function lms_origin(): string {
        global $CFG;

        return origin::of($CFG->wwwroot);
    }
}
