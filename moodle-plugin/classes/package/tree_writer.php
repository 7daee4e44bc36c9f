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

use local_externalscormbridge\records;

/**
 * Writes a package's tree of SCOs to mod_scorm's tables.
 *
 * The rows come from the extension and are those that mod_scorm's own parser would store. A SCO that was there before
 * keeps its id, because learners' tracks hang on it; it is known by its identifier, as mod_scorm knows it.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class tree_writer {
    /** Tables that describe a SCO and are written anew each time. */
    private const DETAILS = [
        'scorm_scoes_data',
        'scorm_seq_objective',
        'scorm_seq_mapinfo',
        'scorm_seq_ruleconds',
        'scorm_seq_rulecond',
        'scorm_seq_rolluprule',
        'scorm_seq_rolluprulecond',
    ];

    /**
     * Writes a tree. The caller holds a transaction.
     *
     * @param \stdClass $scorm the activity
     * @param array $tree as \Scormbridge\Manifest::scoTree() gives it
     * @return \stdClass version and launch of the activity, as mod_scorm stores them
     */
    public static function write(\stdClass $scorm, array $tree): \stdClass {
        global $DB;

        $stored = $DB->get_records_menu('scorm_scoes', ['scorm' => $scorm->id], 'id', 'id, identifier');
        $matching = matching::of($stored, $tree['scoes']);
        $launch = 0;
        foreach ($tree['scoes'] as $index => $row) {
            $id = self::write_sco((int) $scorm->id, $matching->ids[$index], $row);
            if ($row['sortorder'] === $tree['launch_sortorder']) {
                $launch = $id;
            }
        }
        foreach ($matching->left as $id) {
            self::delete_sco((int) $scorm->id, $id);
        }
        return (object) ['version' => $tree['version'], 'launch' => $launch];
    }

    /**
     * Writes one SCO with all that describes it.
     *
     * @param int $scormid
     * @param int|null $id of the SCO that was there before
     * @param array $row
     * @return int id
     */
    private static function write_sco(int $scormid, ?int $id, array $row): int {
        global $DB;

        $sco = (object) [
            'scorm' => $scormid,
            'manifest' => $row['manifest'],
            'organization' => $row['organization'],
            'parent' => $row['parent'],
            'identifier' => $row['identifier'],
            'launch' => $row['launch'],
            'scormtype' => $row['scormtype'],
            'title' => $row['title'],
            'sortorder' => $row['sortorder'],
        ];
        if ($id === null) {
            $id = (int) $DB->insert_record('scorm_scoes', $sco);
        } else {
            $sco->id = $id;
            $DB->update_record('scorm_scoes', $sco);
            self::delete_details($id);
        }
        $DB->insert_records('scorm_scoes_data', array_map(
            static fn(array $pair): array => ['scoid' => $id, 'name' => $pair[0], 'value' => $pair[1]],
            $row['data']
        ));
        $DB->insert_records('scorm_seq_objective', self::of_sco($id, $row['objectives']));
        $DB->insert_records('scorm_seq_rolluprule', self::of_sco($id, $row['rollup_rules']));
        foreach ($row['rules'] as $rule) {
            $ruleid = $DB->insert_record('scorm_seq_ruleconds', [
                'scoid' => $id,
                'conditioncombination' => $rule['conditioncombination'],
                'ruletype' => $rule['ruletype'],
                'action' => $rule['action'],
            ]);
            $conditions = array_map(
                static fn(array $condition): array => $condition + ['ruleconditionsid' => $ruleid],
                $rule['conditions']
            );
            $DB->insert_records('scorm_seq_rulecond', self::of_sco($id, $conditions));
        }
        return $id;
    }

    /**
     * Rows with the SCO they belong to.
     *
     * @param int $id
     * @param array[] $rows
     * @return array[]
     */
    private static function of_sco(int $id, array $rows): array {
        return array_map(static fn(array $row): array => ['scoid' => $id] + $row, $rows);
    }

    /**
     * Deletes what describes a SCO.
     *
     * @param int $id
     */
    private static function delete_details(int $id): void {
        global $DB;

        foreach (self::DETAILS as $table) {
            $DB->delete_records($table, ['scoid' => $id]);
        }
    }

    /**
     * Deletes a SCO that the package no longer has, with its tracks, as mod_scorm does. What the plugin has kept about them
     * goes too: there is nothing left to compare the history with, and what open players still send is refused.
     *
     * @param int $scormid
     * @param int $id
     */
    private static function delete_sco(int $scormid, int $id): void {
        global $DB;

        records::delete_for_sco($scormid, $id);
        $DB->delete_records('scorm_scoes', ['id' => $id]);
        scorm_delete_tracks($scormid, $id);
        self::delete_details($id);
    }
}
