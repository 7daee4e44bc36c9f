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

namespace Scormbridge;

use local_externalscormbridge\service\connection;
use local_externalscormbridge\service\opaque;

// The names are the extension's; ext/stubs/scormbridge.stub.php says what they mean.
// phpcs:disable moodle.NamingConventions.ValidFunctionName.LowercaseMethod

/**
 * Reads imsmanifest.xml.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class Manifest {
    use opaque;

    /**
     * There is nothing to make an object of.
     */
    private function __construct() {
    }

    /**
     * Everything the manifest says.
     *
     * @param string $xml
     * @param array $limits
     * @return array
     */
    public static function parse(string $xml, array $limits = []): array {
        return connection::call('Manifest/parse', $xml, $limits);
    }

    /**
     * The rows that mod_scorm's own parser would store for this manifest.
     *
     * @param string $xml
     * @param array $limits
     * @return array
     */
    public static function scoTree(string $xml, array $limits = []): array {
        return connection::call('Manifest/scoTree', $xml, $limits);
    }

    /**
     * Where a SCO is launched.
     *
     * @param string $base
     * @param string $launch
     * @param string $parameters
     * @return string
     */
    public static function launchUrl(string $base, string $launch, string $parameters): string {
        return connection::call('Manifest/launchUrl', $base, $launch, $parameters);
    }
}
