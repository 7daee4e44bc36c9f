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

namespace local_externalscormbridge;

use local_externalscormbridge\export\job;

/**
 * What the plugin keeps about learners in its own tables: launches, history, updates that are due, kept values.
 *
 * They all belong to attempts and go with them; this is the one place where they do.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class records {
    /** Tables with the columns scormid and userid. */
    public const TABLES = [
        'local_externalscormbridge_hist',
        'local_externalscormbridge_launch',
        'local_externalscormbridge_due',
        'local_externalscormbridge_kept',
    ];

    /** Those of them that have an attempt and a SCO. */
    private const OF_ATTEMPTS = [
        'local_externalscormbridge_hist',
        'local_externalscormbridge_launch',
        'local_externalscormbridge_kept',
    ];

    /**
     * Forgets everything about an activity.
     *
     * @param int $scormid
     */
    public static function delete_for_activity(int $scormid): void {
        self::delete(self::TABLES, 'scormid = ?', [$scormid]);
    }

    /**
     * Forgets one attempt. What its players still send afterwards is refused, so that a deleted attempt does not come
     * back.
     *
     * @param int $scormid
     * @param int $userid
     * @param int $attempt
     */
    public static function delete_for_attempt(int $scormid, int $userid, int $attempt): void {
        self::delete(self::OF_ATTEMPTS, 'scormid = ? AND userid = ? AND attempt = ?', [$scormid, $userid, $attempt]);
    }

    /**
     * Forgets everything about a SCO that is no longer in its activity.
     *
     * @param int $scormid
     * @param int $scoid
     */
    public static function delete_for_sco(int $scormid, int $scoid): void {
        self::delete(self::OF_ATTEMPTS, 'scormid = ? AND scoid = ?', [$scormid, $scoid]);
    }

    /**
     * Forgets learners in an activity.
     *
     * @param int $scormid
     * @param int[] $userids
     */
    public static function delete_for_users(int $scormid, array $userids): void {
        global $DB;

        if ($userids === []) {
            return;
        }
        [$in, $params] = $DB->get_in_or_equal($userids);
        self::delete(self::TABLES, "scormid = ? AND userid {$in}", [$scormid, ...$params]);
    }

    /**
     * Forgets a learner everywhere, and the exports that this user asked for or that are of this learner alone.
     *
     * @param int $userid
     */
    public static function delete_for_user(int $userid): void {
        self::delete(self::TABLES, 'userid = ?', [$userid]);
        job::delete('userid = ? OR learnerid = ?', [$userid, $userid]);
    }

    /**
     * Deletes rows of tables, of all or none.
     *
     * @param string[] $tables
     * @param string $select
     * @param array $params
     */
    private static function delete(array $tables, string $select, array $params): void {
        global $DB;

        $transaction = $DB->start_delegated_transaction();
        foreach ($tables as $table) {
            $DB->delete_records_select($table, $select, $params);
        }
        $transaction->allow_commit();
    }
}
