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

namespace local_externalscormbridge\export\sheet;

use local_externalscormbridge\config;
use local_externalscormbridge\export\sheet;
use local_externalscormbridge\history\sco_attempt;
use local_externalscormbridge\tracking\track_store;

/**
 * A sheet of what is stored of an attempt at a SCO.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
abstract class tracked implements sheet {
    /**
     * What is stored, opened. A value that cannot be opened says so in its place.
     *
     * @param track_store $store
     * @return array<string, string> value by storage name
     */
    final protected static function opened(track_store $store): array {
        $values = $store->read();
        return $values + array_fill_keys($store->unreadable(), get_string('export_unreadable', config::COMPONENT));
    }

    /**
     * The stored tracks.
     *
     * @param sco_attempt $of
     * @return track_store
     */
    final protected static function store(sco_attempt $of): track_store {
        return new track_store($of->scormid, $of->userid, $of->scoid, $of->attempt);
    }

    /**
     * A time for people.
     *
     * @param int $time
     * @return string empty for never
     */
    final protected static function time(int $time): string {
        return $time === 0 ? '' : userdate($time, '%Y-%m-%d %H:%M:%S', 99, false, false);
    }

    /**
     * Headings from this plugin's strings.
     *
     * @param string[] $strings string by column
     * @return array<string, string>
     */
    final protected static function headings(array $strings): array {
        return array_map(static fn(string $string): string => get_string($string, config::COMPONENT), $strings);
    }

    /**
     * What was stored lies beside parts that can be played as well, where a package has changed.
     *
     * @return bool
     */
    public function wants_all_scoes(): bool {
        return true;
    }
}
