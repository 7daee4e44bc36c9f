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

namespace local_externalscormbridge\tracking;

use local_externalscormbridge\history\sco_attempt;

/**
 * Sealed values that could not be opened, kept as they were before something else took their place.
 *
 * A key that comes back, or a backup of the database, may open them one day; for that they are never written over and
 * never made readable here.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class kept_values {
    /** Table. */
    public const TABLE = 'local_externalscormbridge_kept';

    /**
     * Keeps a value, once.
     *
     * @param sco_attempt $of
     * @param string $element storage name
     * @param string $value as stored
     * @param string $reason why it could not be opened
     */
    public static function keep(sco_attempt $of, string $element, string $value, string $reason): void {
        global $DB;

        $same = $DB->sql_compare_text('value', 4000) . ' = ' . $DB->sql_compare_text(':value', 4000);
        $conditions = $of->conditions() + ['element' => $element, 'value' => $value];
        $select = "scormid = :scormid AND userid = :userid AND scoid = :scoid AND attempt = :attempt
               AND element = :element AND {$same}";
        if (!$DB->record_exists_select(self::TABLE, $select, $conditions)) {
            $DB->insert_record(self::TABLE, (object) ($conditions + ['reason' => $reason, 'timecreated' => time()]));
        }
    }

    /**
     * Kept values, oldest first.
     *
     * @param array<string, int> $conditions scormid, userid, neither or both
     * @return \moodle_recordset of rows; close it
     */
    public static function all(array $conditions = []): \moodle_recordset {
        global $DB;

        return $DB->get_recordset(self::TABLE, $conditions, 'id');
    }

    /**
     * A kept value in plain text, if it opens by now.
     *
     * @param \stdClass $row
     * @return string|null
     */
    public static function open(\stdClass $row): ?string {
        $sealer = new sealer((int) $row->scormid, (int) $row->userid, (int) $row->scoid, (int) $row->attempt);
        try {
            return $sealer->open($row->element, $row->value);
        } catch (\Scormbridge\SealException $e) {
            return null;
        }
    }
}
