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

namespace local_externalscormbridge\backup;

use local_externalscormbridge\tracking\track_store;

/**
 * Every sealed value of an activity, opened, one at a time.
 *
 * Values travel as base64: XML has no room for the control characters that suspend data may hold.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class sealed_tracks implements \IteratorAggregate {
    /**
     * Constructor.
     *
     * @param int $scormid
     */
    public function __construct(
        /** @var int the activity */
        private readonly int $scormid
    ) {
    }

    /**
     * The values.
     *
     * @return \Generator of arrays with scoid, userid, attempt, element, value
     */
    public function getIterator(): \Generator { // phpcs:ignore moodle.NamingConventions.ValidFunctionName
        foreach (track_store::sealed_scoes($this->scormid) as $found) {
            $store = new track_store($this->scormid, (int) $found->userid, (int) $found->scoid, (int) $found->attempt);
            foreach ($store->read_sealed() as $element => $value) {
                yield [
                    'scoid' => $found->scoid,
                    'userid' => $found->userid,
                    'attempt' => $found->attempt,
                    'element' => $element,
                    'value' => base64_encode($value),
                ];
            }
        }
    }

    /**
     * Backup closes what it reads from, as it would a recordset.
     */
    public function close(): void {
    }
}
