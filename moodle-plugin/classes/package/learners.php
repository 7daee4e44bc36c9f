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

/**
 * Whom a change of a package concerns.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class learners {
    /**
     * People with an attempt at an activity.
     *
     * @param int $scormid
     * @return int
     */
    public static function of_activity(int $scormid): int {
        global $DB;

        return $DB->count_records_sql('SELECT COUNT(DISTINCT userid) FROM {scorm_attempt} WHERE scormid = ?', [$scormid]);
    }

    /**
     * People who have stored something at SCOs of an activity.
     *
     * @param int $scormid
     * @param int[] $scoids
     * @return array<int, int> by SCO; those without anybody are left out
     */
    public static function of_scoes(int $scormid, array $scoids): array {
        global $DB;

        if ($scoids === []) {
            return [];
        }
        [$in, $params] = $DB->get_in_or_equal($scoids, SQL_PARAMS_NAMED);
        $sql = "SELECT v.scoid, COUNT(DISTINCT a.userid) AS learners
                  FROM {scorm_attempt} a
                  JOIN {scorm_scoes_value} v ON v.attemptid = a.id
                 WHERE a.scormid = :scormid AND v.scoid {$in}
              GROUP BY v.scoid";
        return array_map('intval', $DB->get_records_sql_menu($sql, ['scormid' => $scormid] + $params));
    }
}
