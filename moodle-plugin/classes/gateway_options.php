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
 * The file that content.php serves by.
 *
 * content.php runs without database and session, thousands of times per launch. It finds what it needs (URL policy,
 * limits, ticket keys, the local service if any) in one small file in the data directory, which is written here and only here.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class gateway_options {
    /** File name below the data directory. */
    public const FILE = 'externalscormbridge/gateway.json';

    /**
     * Options of \Scormbridge\Gateway, with ticket keys and without an audience.
     *
     * @return array
     */
    public static function current(): array {
        return (new config())->gateway_options() + ['tickets' => keyring::load(keyring::TICKETS)];
    }

    /**
     * Makes the file say what the settings say. Called when a setting changes and before every launch, because settings
     * also change by the command line, which calls nobody back.
     */
    public static function refresh(): void {
        global $CFG;

        $config = new config();
        $wanted = json_encode([
            'options' => self::current(),
            'service' => $config->service(),
            'audiences' => ['site' => $CFG->wwwroot, 'content' => $config->content_host()],
        ], JSON_THROW_ON_ERROR | JSON_UNESCAPED_SLASHES | JSON_PRETTY_PRINT);

        $path = "{$CFG->dataroot}/" . self::FILE;
        if (is_readable($path) && file_get_contents($path) === $wanted) {
            return;
        }
        make_writable_directory(dirname($path));
        $temporary = tempnam(dirname($path), 'gateway');
        if ($temporary === false || file_put_contents($temporary, $wanted) === false) {
            throw new \moodle_exception('cannotcreatetempdir');
        }
        // The keys inside are for the web server alone: whatever the site grants to others is taken off.
        chmod($temporary, $CFG->filepermissions & 0660);
        if (!rename($temporary, $path)) {
            unlink($temporary);
            throw new \moodle_exception('cannotcreatetempdir');
        }
    }

    /**
     * Removes the file.
     */
    public static function remove(): void {
        global $CFG;

        $path = "{$CFG->dataroot}/" . self::FILE;
        if (file_exists($path)) {
            unlink($path);
        }
    }
}
