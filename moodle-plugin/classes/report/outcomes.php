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

namespace local_externalscormbridge\report;

/**
 * The outcomes of whole attempts, read in one go and without opening anything that is sealed.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class outcomes {
    /**
     * What is stored of attempts, as far as an outcome says it.
     *
     * @param int[] $attemptids
     * @return array by attempt and SCO: the outcome, and when something of it was last changed
     */
    public static function of(array $attemptids): array {
        global $DB;

        [$attempts, $params] = $DB->get_in_or_equal($attemptids, SQL_PARAMS_NAMED, 'att', true, -1);
        [$elements, $more] = self::elements(outcome::ELEMENTS, 'el');
        $sql = "SELECT v.id, v.attemptid, v.scoid, e.element, v.value, v.timemodified
                  FROM {scorm_scoes_value} v
                  JOIN {scorm_element} e ON e.id = v.elementid
                 WHERE v.attemptid {$attempts} AND v.elementid {$elements}
              ORDER BY v.id";
        $values = [];
        $changed = [];
        foreach ($DB->get_recordset_sql($sql, $params + $more) as $row) {
            $values[$row->attemptid][$row->scoid][$row->element] = (string) $row->value;
            $before = $changed[$row->attemptid][$row->scoid] ?? 0;
            $changed[$row->attemptid][$row->scoid] = max($before, (int) $row->timemodified);
        }
        $outcomes = [];
        foreach ($values as $attemptid => $scoes) {
            foreach ($scoes as $scoid => $stored) {
                $outcomes[$attemptid][$scoid] = [new outcome($stored), $changed[$attemptid][$scoid]];
            }
        }
        return $outcomes;
    }

    /**
     * The ids of elements as a condition.
     *
     * @param string[] $elements
     * @param string $prefix of the parameters
     * @return array condition and named parameters
     */
    public static function elements(array $elements, string $prefix): array {
        global $DB;

        // Those that no content has ever used have no id yet.
        $ids = array_keys($DB->get_records_list('scorm_element', 'element', $elements, '', 'id'));
        return $DB->get_in_or_equal($ids, SQL_PARAMS_NAMED, $prefix, true, -1);
    }
}
