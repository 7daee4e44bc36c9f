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

    /** How many earlier launches a page is told of; what a browser kept longer than that is no news to it. */
    private const EARLIER = 100;

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

        $now = time();
        $record = (object) [
            'token' => bin2hex(random_bytes(16)),
            'scormid' => $scormid,
            'scoid' => $scoid,
            'userid' => $userid,
            'attempt' => $attempt,
            'mode' => $mode,
            'delivery' => $delivery,
            'lastseq' => 0,
            'status' => 'ready',
            'carry' => null,
            'clock' => null,
            'timecreated' => $now,
            'timemodified' => $now,
        ];
        $record->id = $DB->insert_record(self::TABLE, $record);
        return self::from_record($record);
    }

    /**
     * The latest launches of a SCO in an attempt, and how far each has come.
     *
     * @param int $scormid
     * @param int $userid
     * @param int $scoid
     * @param int $attempt
     * @return array[] token and number of the last entry stored, the newest first
     */
    public static function earlier(int $scormid, int $userid, int $scoid, int $attempt): array {
        global $DB;

        $conditions = ['scormid' => $scormid, 'userid' => $userid, 'scoid' => $scoid, 'attempt' => $attempt];
        $launches = $DB->get_records(self::TABLE, $conditions, 'id DESC', 'id, token, lastseq', 0, self::EARLIER);
        return array_values(array_map(
            static fn(\stdClass $launch): array => [$launch->token, (int) $launch->lastseq],
            $launches
        ));
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
        return $record ? self::from_record($record) : null;
    }

    /**
     * Launches of the same SCO in the same attempt that began after this one and have stored something.
     *
     * @param launch $launch
     * @return int[] ids
     */
    public static function newer(launch $launch): array {
        global $DB;

        $select = "scormid = :scormid AND userid = :userid AND attempt = :attempt AND scoid = :scoid
               AND id > :id AND lastseq > 0 AND mode = 'normal'";
        return array_map('intval', $DB->get_fieldset_select(self::TABLE, 'id', $select, [
            'scormid' => $launch->scormid,
            'userid' => $launch->userid,
            'attempt' => $launch->attempt,
            'scoid' => $launch->scoid,
            'id' => $launch->id,
        ]));
    }

    /**
     * A record as a launch.
     *
     * @param \stdClass $record
     * @return launch
     */
    private static function from_record(\stdClass $record): launch {
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
            json_decode((string) $record->carry, true) ?: [],
            (int) $record->id,
            $record->clock === null ? null : (int) $record->clock,
            (int) $record->timecreated
        );
    }

    /**
     * Stores how far a launch has come.
     *
     * @param launch $launch
     */
    public static function save(launch $launch): void {
        global $DB;

        $DB->update_record(self::TABLE, (object) [
            'id' => $launch->id,
            'lastseq' => $launch->lastseq,
            'status' => $launch->status,
            'carry' => $launch->carry === [] ? null : json_encode($launch->carry, JSON_THROW_ON_ERROR),
            'clock' => $launch->clock,
            'timemodified' => time(),
        ]);
    }

    /**
     * Forgets launches that nobody has used since a time. Those that the history speaks of stay as long as it does.
     *
     * @param int $before
     */
    public static function delete_unused(int $before): void {
        global $DB;

        $DB->delete_records_select(
            self::TABLE,
            'timemodified < ? AND NOT EXISTS (
                SELECT 1 FROM {local_externalscormbridge_hist} h WHERE h.launchid = {' . self::TABLE . '}.id
            )',
            [$before]
        );
    }
}
