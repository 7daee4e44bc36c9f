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

namespace local_externalscormbridge\trial;

use local_externalscormbridge\config;

/**
 * The sample package that comes with the plugin. It writes values, reads them back and says whether they are the same.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class sample {
    /** Identifier of its manifest. */
    public const IDENTIFIER = 'externalscormbridge.sample';

    /** Where its SCO says what came of it, and what it says. */
    private const VERDICTS = [
        'cmi.core.lesson_location' => ['sample:same' => 'same', 'sample:different' => 'different'],
    ];

    /**
     * Whether a package is it.
     *
     * @param array $tree of its manifest
     * @return bool
     */
    public static function is(array $tree): bool {
        return in_array(self::IDENTIFIER, array_column($tree['scoes'], 'manifest'), true);
    }

    /**
     * What its SCO said.
     *
     * @param array<string, string> $stored value by storage name
     * @return string same, different, or empty if it said nothing
     */
    public static function verdict(array $stored): string {
        foreach (self::VERDICTS as $element => $verdicts) {
            if (isset($verdicts[$stored[$element] ?? ''])) {
                return $verdicts[$stored[$element]];
            }
        }
        return '';
    }

    /**
     * Packs it, to be uploaded to a CDN.
     *
     * @return string path of a zip file, which goes with the request
     */
    public static function zip(): string {
        global $CFG;

        $folder = "{$CFG->dirroot}/local/externalscormbridge/sample";
        $files = [];
        foreach (array_diff(scandir($folder), ['.', '..']) as $name) {
            $files[$name] = "{$folder}/{$name}";
        }
        $zip = make_request_directory() . '/sample.zip';
        if (!get_file_packer('application/zip')->archive_to_pathname($files, $zip)) {
            throw new \moodle_exception('cannotcreatezip');
        }
        return $zip;
    }
}
