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

namespace local_externalscormbridge\history;

use local_externalscormbridge\keyring;
use local_externalscormbridge\launch\launch;

/**
 * The append-only record of what SCOs have reported.
 *
 * Rows are written in the transaction that writes the tracks, and never changed but for the key that seals them. They go
 * with their attempt, or together when the attempt's history has become too old. Everything in them is sealed, whatever the
 * site seals of the tracks: a history tells more about a learner than where they ended.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class store {
    /** Table. */
    public const TABLE = 'local_externalscormbridge_hist';

    /** First field of what a row is bound to. A track begins with a number, so that the two cannot be mistaken. */
    private const BOUND_AS = 'history';

    /** Characters of a batch to a row: a sealed value has at most 1 MiB. */
    private const PART = 768 * 1024;

    /**
     * Adds a batch.
     *
     * @param launch $launch
     * @param batch $batch
     */
    public static function append(launch $launch, batch $batch): void {
        global $DB;

        $now = time();
        $vault = self::vault();
        foreach (str_split($batch->to_text(), self::PART) as $part => $text) {
            $row = (object) (sco_attempt::of($launch)->conditions() + [
                'launchid' => $launch->id,
                'firstseq' => $batch->firstseq,
                'lastseq' => $batch->lastseq,
                'part' => $part,
                'merged' => (int) $batch->merged,
                'timecreated' => $now,
            ]);
            $row->data = $vault->seal($text, self::bound_to($row));
            $DB->insert_record(self::TABLE, $row);
        }
    }

    /**
     * Whether anything is kept of a launch.
     *
     * @param int $launchid
     * @return bool
     */
    public static function knows_launch(int $launchid): bool {
        global $DB;

        return $DB->record_exists(self::TABLE, ['launchid' => $launchid]);
    }

    /**
     * Whether anything is kept of an attempt at a SCO.
     *
     * @param sco_attempt $of
     * @return bool
     */
    public static function knows(sco_attempt $of): bool {
        global $DB;

        return $DB->record_exists(self::TABLE, $of->conditions());
    }

    /**
     * The SCOs of an activity that anything is kept of, also those that its package no longer has.
     *
     * @param int $scormid
     * @return int[] ids
     */
    public static function scoes(int $scormid): array {
        global $DB;

        $sql = 'SELECT DISTINCT scoid FROM {' . self::TABLE . '} WHERE scormid = ? ORDER BY scoid';
        return array_map('intval', $DB->get_fieldset_sql($sql, [$scormid]));
    }

    /**
     * What was stored, in the order in which it was.
     *
     * @param sco_attempt $of
     * @param int[]|null $launchids only of these launches
     * @return \Generator<int, batch> by launch id, which comes up more than once
     * @throws \Scormbridge\SealException if a row was tampered with or its key is gone
     * @throws \UnexpectedValueException if a row is missing a part
     */
    public static function read(sco_attempt $of, ?array $launchids = null): \Generator {
        foreach (self::read_all($of, $launchids) as $launchid => $batch) {
            if (!$batch instanceof batch) {
                throw $batch;
            }
            yield $launchid => $batch;
        }
    }

    /**
     * What was stored, with the reason in the place of each batch that cannot be read.
     *
     * @param sco_attempt $of
     * @param int[]|null $launchids only of these launches
     * @return \Generator<int, batch|\Exception> by launch id, which comes up more than once
     */
    public static function read_all(sco_attempt $of, ?array $launchids = null): \Generator {
        global $DB;

        [$only, $params] = $launchids === null ? ['', []] : $DB->get_in_or_equal($launchids, SQL_PARAMS_NAMED);
        $only = $only === '' ? '' : "AND launchid {$only}";
        $select = "scormid = :scormid AND userid = :userid AND scoid = :scoid AND attempt = :attempt {$only}";
        $vault = self::vault();
        $rows = $DB->get_recordset_select(self::TABLE, $select, $of->conditions() + $params, 'id');
        try {
            $parts = [];
            foreach ($rows as $row) {
                if ($parts !== [] && (int) $row->part === 0) {
                    yield (int) $parts[0]->launchid => self::open($vault, $parts);
                    $parts = [];
                }
                $parts[] = $row;
            }
            if ($parts !== []) {
                yield (int) $parts[0]->launchid => self::open($vault, $parts);
            }
        } finally {
            $rows->close();
        }
    }

    /**
     * Attempts at SCOs that something was stored of after a row, in the order of their last row.
     *
     * @param int $after id of a row, 0 for the first
     * @param int $limit
     * @param array<string, int> $conditions scormid, userid, neither or both
     * @return \stdClass[] scormid, userid, scoid, attempt, lastid
     */
    public static function attempts(int $after, int $limit, array $conditions = []): array {
        global $DB;

        $where = '';
        foreach (array_keys($conditions) as $name) {
            $where .= ($where === '' ? 'WHERE' : ' AND') . " {$name} = :{$name}";
        }
        $sql = "SELECT MAX(id) AS lastid, scormid, userid, scoid, attempt
                  FROM {" . self::TABLE . "} {$where}
              GROUP BY scormid, userid, scoid, attempt
                HAVING MAX(id) > :after
              ORDER BY lastid";
        return array_values($DB->get_records_sql($sql, $conditions + ['after' => $after], 0, $limit));
    }

    /**
     * Forgets the history of attempts that nothing was stored of since a time, of all their SCOs at once.
     *
     * @param int $before
     * @return int attempts
     */
    public static function delete_old(int $before): int {
        global $DB;

        $sql = "SELECT MAX(id) AS id, scormid, userid, attempt
                  FROM {" . self::TABLE . "}
              GROUP BY scormid, userid, attempt
                HAVING MAX(timecreated) < ?";
        $old = $DB->get_records_sql($sql, [$before]);
        foreach ($old as $row) {
            $attempt = ['scormid' => $row->scormid, 'userid' => $row->userid, 'attempt' => $row->attempt];
            $DB->delete_records(self::TABLE, $attempt);
        }
        return count($old);
    }

    /**
     * A batch from its rows.
     *
     * @param \Scormbridge\Vault $vault
     * @param \stdClass[] $parts its rows, at least one
     * @return batch|\Exception why it cannot be read
     */
    private static function open(\Scormbridge\Vault $vault, array $parts): batch|\Exception {
        try {
            $text = '';
            foreach ($parts as $row) {
                $text .= $vault->open($row->data, self::bound_to($row));
            }
            $last = end($parts);
            return batch::from_text((int) $last->firstseq, (int) $last->lastseq, (bool) $last->merged, $text);
        } catch (\Scormbridge\SealException | \UnexpectedValueException $e) {
            return $e;
        }
    }

    /**
     * What a row is bound to. The order is part of the format, see docs/protocol.md.
     *
     * @param \stdClass $row without data
     * @return string[]
     */
    public static function bound_to(\stdClass $row): array {
        return array_map('strval', [
            self::BOUND_AS,
            $row->scormid,
            $row->userid,
            $row->scoid,
            $row->attempt,
            $row->launchid,
            $row->firstseq,
            $row->part,
        ]);
    }

    /**
     * The vault with the site's keys.
     *
     * @return \Scormbridge\Vault
     */
    private static function vault(): \Scormbridge\Vault {
        $ring = keyring::load(keyring::DATA);
        return new \Scormbridge\Vault($ring['keys'], $ring['current']);
    }
}
