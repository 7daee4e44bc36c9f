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
     * Notes that the CDN was asked, and how it went.
     *
     * @param int $scormid
     * @param string|null $reason reason code, null if all was well
     */
    public static function checked(int $scormid, ?string $reason): void {
        global $DB;

        $DB->set_field(self::TABLE, 'timechecked', time(), ['scormid' => $scormid]);
        $DB->set_field(self::TABLE, 'checkreason', $reason, ['scormid' => $scormid]);
    }

    /**
     * Forgets the package of an activity.
     *
     * @param int $scormid
     */
    public static function delete(int $scormid): void {
        global $DB;

        $DB->delete_records(self::TABLE, ['scormid' => $scormid]);
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
