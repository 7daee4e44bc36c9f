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
 * The plugin's table of packages.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class store {
    /** Table. */
    private const TABLE = 'local_externalscormbridge_pkg';

    /**
     * The package of an activity.
     *
     * @param int $scormid
     * @return package|null null if the activity is an ordinary one
     */
    public static function find(int $scormid): ?package {
        global $DB;

        $record = $DB->get_record(self::TABLE, ['scormid' => $scormid]);
        return $record ? package::from_record($record) : null;
    }

    /**
     * Stores the package of an activity, in place of any earlier one.
     *
     * @param package $package
     */
    public static function save(package $package): void {
        global $DB;

        $record = $package->to_record();
        $record->timemodified = time();
        $id = $DB->get_field(self::TABLE, 'id', ['scormid' => $package->scormid]);
        if ($id) {
            $record->id = $id;
            $DB->update_record(self::TABLE, $record);
            return;
        }
        $record->timecreated = $record->timemodified;
        $DB->insert_record(self::TABLE, $record);
    }

    /**
     * Notes that the CDN was asked, and that all was well.
     *
     * @param int $scormid
     */
    public static function checked(int $scormid): void {
        self::note($scormid, null, []);
    }

    /**
     * Notes that the CDN was asked, and why in vain.
     *
     * @param int $scormid
     * @param \Scormbridge\Exception $e
     */
    public static function check_failed(int $scormid, \Scormbridge\Exception $e): void {
        self::note($scormid, $e->reason, $e->details);
    }

    /**
     * Stores how a check went.
     *
     * @param int $scormid
     * @param string|null $reason
     * @param array $details
     */
    private static function note(int $scormid, ?string $reason, array $details): void {
        global $DB;

        $details = $details === [] ? null : json_encode($details, JSON_THROW_ON_ERROR | JSON_UNESCAPED_SLASHES);
        $sql = 'UPDATE {' . self::TABLE . '} SET timechecked = ?, checkreason = ?, checkdetails = ? WHERE scormid = ?';
        $DB->execute($sql, [time(), $reason, $details, $scormid]);
    }

    /**
     * Forgets the package of an activity, and what waits for it.
     *
     * @param int $scormid
     */
    public static function delete(int $scormid): void {
        global $DB;

        $DB->delete_records(self::TABLE, ['scormid' => $scormid]);
        pending::forget($scormid);
    }

    /**
     * Packages that were not checked since a time, longest ago first.
     *
     * @param int $before
     * @param int $limit
     * @return package[]
     */
    public static function due(int $before, int $limit): array {
        global $DB;

        $records = $DB->get_records_select(self::TABLE, 'timechecked < ?', [$before], 'timechecked, id', '*', 0, $limit);
        return array_map([package::class, 'from_record'], array_values($records));
    }

    /**
     * How many packages there are.
     *
     * @return int
     */
    public static function count(): int {
        global $DB;

        return $DB->count_records(self::TABLE);
    }

    /**
     * The URL of the package that was stored last.
     *
     * @return string empty if there is none
     */
    public static function latest_url(): string {
        global $DB;

        $rows = $DB->get_records(self::TABLE, null, 'timemodified DESC, id DESC', 'id, cdnurl', 0, 1);
        return (string) (reset($rows)->cdnurl ?? '');
    }

    /**
     * Packages whose last check failed.
     *
     * @param int $limit of those that are named
     * @return array{count: int, rows: \stdClass[]} rows: name of the activity, short name of its course, checkreason
     */
    public static function failing(int $limit): array {
        global $DB;

        $from = "FROM {" . self::TABLE . "} p JOIN {scorm} s ON s.id = p.scormid JOIN {course} c ON c.id = s.course
                WHERE p.checkreason IS NOT NULL";
        $rows = $DB->get_records_sql(
            "SELECT p.id, s.name, c.shortname AS course, p.checkreason {$from} ORDER BY p.timechecked, p.id",
            [],
            0,
            $limit
        );
        return ['count' => $DB->count_records_sql("SELECT COUNT(1) {$from}"), 'rows' => array_values($rows)];
    }

    /**
     * Packages of a course, of one activity, or all.
     *
     * @param int|null $courseid
     * @param int|null $cmid id of the course module
     * @return package[]
     */
    public static function choose(?int $courseid, ?int $cmid): array {
        global $DB;

        $sql = "SELECT p.*
                  FROM {" . self::TABLE . "} p
                  JOIN {course_modules} cm ON cm.instance = p.scormid
                  JOIN {modules} m ON m.id = cm.module AND m.name = 'scorm'
                 WHERE 1 = 1";
        $params = [];
        foreach (['cm.course' => $courseid, 'cm.id' => $cmid] as $column => $wanted) {
            if ($wanted !== null) {
                $sql .= " AND {$column} = ?";
                $params[] = $wanted;
            }
        }
        $records = $DB->get_records_sql("{$sql} ORDER BY cm.course, cm.id", $params);
        return array_map([package::class, 'from_record'], array_values($records));
    }

    /**
     * Packages whose activity is gone.
     *
     * @return int[] scorm ids
     */
    public static function orphans(): array {
        global $DB;

        $gone = 'NOT EXISTS (SELECT 1 FROM {scorm} s WHERE s.id = scormid)';
        return array_map('intval', $DB->get_fieldset_select(self::TABLE, 'scormid', $gone));
    }

    /**
     * Every activity that has a package.
     *
     * @return int[] scorm ids
     */
    public static function all_scorm_ids(): array {
        global $DB;

        return array_map('intval', $DB->get_fieldset_select(self::TABLE, 'scormid', ''));
    }
}
