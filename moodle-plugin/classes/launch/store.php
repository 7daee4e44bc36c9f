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

namespace local_externalscormbridge\launch;

/**
 * The plugin's table of launches.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class store {
    /** Table. */
    private const TABLE = 'local_externalscormbridge_launch';

    /**
     * Records a new launch.
     *
     * @param int $scormid
     * @param int $scoid
     * @param int $userid
     * @param int $attempt
     * @param string $mode
     * @param string $delivery
     * @return launch
     */
    public static function create(
        int $scormid,
        int $scoid,
        int $userid,
        int $attempt,
        string $mode,
        string $delivery
    ): launch {
        global $DB;

        $launch = new launch(bin2hex(random_bytes(16)), $scormid, $scoid, $userid, $attempt, $mode, $delivery);
        $now = time();
        $DB->insert_record(self::TABLE, (object) [
            'token' => $launch->token,
            'scormid' => $scormid,
            'scoid' => $scoid,
            'userid' => $userid,
            'attempt' => $attempt,
            'mode' => $mode,
            'delivery' => $delivery,
            'lastseq' => $launch->lastseq,
            'status' => $launch->status,
            'carry' => null,
            'timecreated' => $now,
            'timemodified' => $now,
        ]);
        return $launch;
    }

    /**
     * The launch of a token.
     *
     * @param string $token
     * @return launch|null
     */
    public static function find(string $token): ?launch {
        global $DB;

        $record = $DB->get_record(self::TABLE, ['token' => $token]);
        if (!$record) {
            return null;
        }
        return new launch(
            $record->token,
            (int) $record->scormid,
            (int) $record->scoid,
            (int) $record->userid,
            (int) $record->attempt,
            $record->mode,
            $record->delivery,
            (int) $record->lastseq,
            $record->status,
            json_decode((string) $record->carry, true) ?: []
        );
    }

    /**
     * Stores how far a launch has come.
     *
     * @param launch $launch
     */
    public static function save(launch $launch): void {
        global $DB;

        $id = $DB->get_field(self::TABLE, 'id', ['token' => $launch->token], MUST_EXIST);
        $DB->update_record(self::TABLE, (object) [
            'id' => $id,
            'lastseq' => $launch->lastseq,
            'status' => $launch->status,
            'carry' => $launch->carry === [] ? null : json_encode($launch->carry, JSON_THROW_ON_ERROR),
            'timemodified' => time(),
        ]);
    }

    /**
     * Forgets the launches of an activity.
     *
     * @param int $scormid
     */
    public static function delete_for_activity(int $scormid): void {
        global $DB;

        $DB->delete_records(self::TABLE, ['scormid' => $scormid]);
    }

    /**
     * Forgets the launches of one attempt. What its players still send afterwards is refused, so that a deleted attempt
     * does not come back.
     *
     * @param int $scormid
     * @param int $userid
     * @param int $attempt
     */
    public static function delete_for_attempt(int $scormid, int $userid, int $attempt): void {
        global $DB;

        $DB->delete_records(self::TABLE, ['scormid' => $scormid, 'userid' => $userid, 'attempt' => $attempt]);
    }

    /**
     * Forgets the launches of learners in an activity.
     *
     * @param int $scormid
     * @param int[] $userids
     */
    public static function delete_for_users(int $scormid, array $userids): void {
        global $DB;

        if ($userids === []) {
            return;
        }
        [$in, $params] = $DB->get_in_or_equal($userids, SQL_PARAMS_NAMED);
        $DB->delete_records_select(self::TABLE, "scormid = :scormid AND userid {$in}", ['scormid' => $scormid] + $params);
    }

    /**
     * Forgets launches that nobody has used since a time.
     *
     * @param int $before
     */
    public static function delete_unused(int $before): void {
        global $DB;

        $DB->delete_records_select(self::TABLE, 'timemodified < ?', [$before]);
    }
}
