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
 * The tree of SCOs that mod_scorm holds of an activity, in the shape in which the extension gives a new one.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class stored_tree {
    /** Digits behind the point that every database keeps of a measure. */
    private const DIGITS = 4;

    /**
     * The rows.
     *
     * @param int $scormid
     * @return array<int, array> by id, oldest first
     */
    public static function rows(int $scormid): array {
        global $DB;

        $rows = [];
        foreach ($DB->get_records('scorm_scoes', ['scorm' => $scormid], 'id') as $sco) {
            $rows[(int) $sco->id] = (array) $sco + ['data' => [], 'objectives' => [], 'rules' => [], 'rollup_rules' => []];
        }
        foreach (self::details('scorm_scoes_data', $scormid) as $one) {
            $rows[(int) $one->scoid]['data'][] = [$one->name, $one->value];
        }
        foreach (self::details('scorm_seq_objective', $scormid) as $one) {
            $rows[(int) $one->scoid]['objectives'][] = (array) $one;
        }
        foreach (self::details('scorm_seq_rolluprule', $scormid) as $one) {
            $rows[(int) $one->scoid]['rollup_rules'][] = (array) $one;
        }
        $conditions = [];
        foreach (self::details('scorm_seq_rulecond', $scormid) as $one) {
            $conditions[$one->ruleconditionsid][] = (array) $one;
        }
        foreach (self::details('scorm_seq_ruleconds', $scormid) as $one) {
            $rows[(int) $one->scoid]['rules'][] = (array) $one + ['conditions' => $conditions[$one->id] ?? []];
        }
        return array_map([self::class, 'comparable'], $rows);
    }

    /**
     * A row, stored or new, so that equal ones are equal: without ids, as text, measures as every database rounds them.
     *
     * @param array $row
     * @return array
     */
    public static function comparable(array $row): array {
        $data = [];
        foreach ($row['data'] as [$name, $value]) {
            $data[$name][] = (string) $value;
        }
        ksort($data, SORT_STRING);
        return [
            'manifest' => (string) $row['manifest'],
            'organization' => (string) $row['organization'],
            'parent' => (string) $row['parent'],
            'identifier' => (string) $row['identifier'],
            'launch' => (string) $row['launch'],
            'scormtype' => (string) $row['scormtype'],
            'title' => (string) $row['title'],
            'sortorder' => (int) $row['sortorder'],
            'data' => array_map(static fn(array $values): string => implode(', ', $values), $data),
            'objectives' => array_map(static fn(array $objective): array => [
                (int) $objective['primaryobj'],
                (string) $objective['objectiveid'],
                (int) $objective['satisfiedbymeasure'],
                self::measure($objective['minnormalizedmeasure']),
            ], array_values($row['objectives'])),
            'rules' => array_map(static fn(array $rule): array => [
                (string) $rule['conditioncombination'],
                (int) $rule['ruletype'],
                (string) $rule['action'],
                array_map(static fn(array $condition): array => [
                    (string) $condition['refrencedobjective'],
                    self::measure($condition['measurethreshold']),
                    (string) $condition['operator'],
                    (string) $condition['cond'],
                ], array_values($rule['conditions'])),
            ], array_values($row['rules'])),
            'rollup_rules' => array_map(static fn(array $rule): array => [
                (string) $rule['childactivityset'],
                (int) $rule['minimumcount'],
                self::measure($rule['minimumpercent']),
                (string) $rule['conditioncombination'],
                (string) $rule['action'],
            ], array_values($row['rollup_rules'])),
        ];
    }

    /**
     * A measure as text.
     *
     * @param mixed $value
     * @return string
     */
    private static function measure(mixed $value): string {
        return number_format((float) $value, self::DIGITS, '.', '');
    }

    /**
     * Rows of a table that describe the SCOs of an activity, in the order in which they were written.
     *
     * @param string $table
     * @param int $scormid
     * @return \stdClass[]
     */
    private static function details(string $table, int $scormid): array {
        global $DB;

        $sql = "SELECT d.* FROM {{$table}} d JOIN {scorm_scoes} s ON s.id = d.scoid WHERE s.scorm = ? ORDER BY d.id";
        return $DB->get_records_sql($sql, [$scormid]);
    }
}
