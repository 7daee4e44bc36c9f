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

namespace local_externalscormbridge\results;

/**
 * Grades and completion that are still to be brought up to date, one row for each learner in an activity.
 *
 * A row is written in the transaction that stores the tracks and goes when gradebook and completion have followed. What
 * is left of one, whatever happened to its request, is tried again: by the player's next calls after 1, 2, 4 and 8
 * seconds, and by a task after that.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class due {
    /** Table. */
    public const TABLE = 'local_externalscormbridge_due';

    /** Seconds before each try of the player's. */
    private const DELAYS = [1, 2, 4, 8];

    /** Tries, of player and task together, after which people are told. */
    private const LAST_TRY = 8;

    /** Characters of an error that are kept. */
    private const LONGEST_ERROR = 1000;

    /**
     * Constructor.
     *
     * @param int $id
     * @param int $scormid
     * @param int $userid
     * @param int $tries
     * @param int $nexttry
     */
    private function __construct(
        /** @var int the row */
        private readonly int $id,
        /** @var int the activity */
        public readonly int $scormid,
        /** @var int the learner */
        public readonly int $userid,
        /** @var int how often it was tried again */
        public readonly int $tries,
        /** @var int not before */
        public readonly int $nexttry
    ) {
    }

    /**
     * Notes that an update is due, in the transaction that makes it so. It begins anew where one was due already.
     *
     * @param int $scormid
     * @param int $userid
     */
    public static function expect(int $scormid, int $userid): void {
        global $DB;

        $now = time();
        $known = self::find($scormid, $userid);
        if ($known === null) {
            try {
                $DB->insert_record(self::TABLE, (object) [
                    'scormid' => $scormid,
                    'userid' => $userid,
                    'nexttry' => $now,
                    'timecreated' => $now,
                ]);
                return;
            } catch (\dml_write_exception $e) {
                // Another attempt of the same learner was first. If that was not it, this throws again.
                $known = self::find($scormid, $userid) ?? throw $e;
            }
        }
        $DB->update_record(self::TABLE, (object) ['id' => $known->id, 'tries' => 0, 'nexttry' => $now]);
    }

    /**
     * What is due for a learner.
     *
     * @param int $scormid
     * @param int $userid
     * @return self|null
     */
    public static function find(int $scormid, int $userid): ?self {
        global $DB;

        $row = $DB->get_record(self::TABLE, ['scormid' => $scormid, 'userid' => $userid]);
        return $row ? self::from_record($row) : null;
    }

    /**
     * What should have been tried long ago: the request that was to do it has died.
     *
     * @param int $before
     * @return self[]
     */
    public static function overdue(int $before): array {
        global $DB;

        $rows = $DB->get_records_select(self::TABLE, 'nexttry < ? AND tries < ?', [$before, self::LAST_TRY]);
        return array_map([self::class, 'from_record'], array_values($rows));
    }

    /**
     * What gradebook and completion have not followed for long.
     *
     * @param int $before
     * @return array{waiting: int, givenup: int, error: string} waiting: due since before then; givenup: tried as often as
     *     it will be; error: of the latest of those
     */
    public static function late(int $before): array {
        global $DB;

        $givenup = 'tries >= ?';
        $rows = $DB->get_records_select(self::TABLE, $givenup, [self::LAST_TRY], 'nexttry DESC', 'id, lasterror', 0, 1);
        return [
            'waiting' => $DB->count_records_select(self::TABLE, 'timecreated < ? AND tries < ?', [$before, self::LAST_TRY]),
            'givenup' => $DB->count_records_select(self::TABLE, $givenup, [self::LAST_TRY]),
            'error' => (string) (reset($rows)->lasterror ?? ''),
        ];
    }

    /**
     * Gradebook and completion have followed.
     */
    public function done(): void {
        global $DB;

        $DB->delete_records(self::TABLE, ['id' => $this->id]);
    }

    /**
     * They have not.
     *
     * @param string $error
     * @param bool $isretry whether this was a try after the first one
     * @return self
     */
    public function failed(string $error, bool $isretry): self {
        global $DB;

        $tries = $this->tries + (int) $isretry;
        $nexttry = time() + (self::DELAYS[$tries] ?? self::DELAYS[count(self::DELAYS) - 1]);
        $DB->update_record(self::TABLE, (object) [
            'id' => $this->id,
            'tries' => $tries,
            'nexttry' => $nexttry,
            'lasterror' => \core_text::substr($error, 0, self::LONGEST_ERROR),
        ]);
        return new self($this->id, $this->scormid, $this->userid, $tries, $nexttry);
    }

    /**
     * When the player should call again.
     *
     * @return int|null milliseconds from now; null once it is the task's
     */
    public function again_ms(): ?int {
        return $this->is_players() ? self::DELAYS[$this->tries] * 1000 : null;
    }

    /**
     * Whether the player's next call may try it.
     *
     * @return bool
     */
    public function is_players_turn(): bool {
        return $this->is_players() && $this->nexttry <= time();
    }

    /**
     * Whether it was tried so often that people should be told.
     *
     * @return bool
     */
    public function is_given_up(): bool {
        return $this->tries >= self::LAST_TRY;
    }

    /**
     * Whether the player still tries.
     *
     * @return bool
     */
    private function is_players(): bool {
        return $this->tries < count(self::DELAYS);
    }

    /**
     * A row.
     *
     * @param \stdClass $row
     * @return self
     */
    private static function from_record(\stdClass $row): self {
        return new self((int) $row->id, (int) $row->scormid, (int) $row->userid, (int) $row->tries, (int) $row->nexttry);
    }
}
