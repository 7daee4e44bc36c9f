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

namespace local_externalscormbridge\tracking;

use local_externalscormbridge\event\track_unreadable;
use local_externalscormbridge\history\sco_attempt;

/**
 * The stored tracks of one attempt at one SCO, in mod_scorm's own tables.
 *
 * Reads by SQL, because mod_scorm has no reader for a whole SCO without side effects. Writes through scorm_insert_track(),
 * with one exception: for scores and statuses that function also updates gradebook and completion, and when those fail it
 * would take the learner's work along. They are written here, and announced through the same function once all is stored.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class track_store {
    /** Scores for which scorm_insert_track() does more than store them. */
    private const SCORES = ['cmi.core.score.raw', 'cmi.score.raw'];

    /** Statuses for which it does, where they say one of ENDS. */
    private const STATUSES = ['cmi.core.lesson_status', 'cmi.completion_status', 'cmi.success_status'];

    /** Outcomes that it tells others of; all but the last it also tells gradebook and completion. */
    private const ENDS = ['completed', 'passed', 'failed'];

    /** @var sealer for the values of this SCO */
    private readonly sealer $sealer;

    /** @var \stdClass[]|null rows by element: valueid, value */
    private ?array $rows = null;

    /** @var array<string, string> elements that could not be opened when last read, with the reason */
    private array $unreadable = [];

    /**
     * Constructor.
     *
     * @param int $scormid
     * @param int $userid
     * @param int $scoid
     * @param int $attempt
     */
    public function __construct(
        /** @var int the activity */
        private readonly int $scormid,
        /** @var int the learner */
        private readonly int $userid,
        /** @var int the SCO */
        private readonly int $scoid,
        /** @var int the attempt's number */
        private readonly int $attempt
    ) {
        global $CFG;
        require_once("{$CFG->dirroot}/mod/scorm/locallib.php");

        $this->sealer = new sealer($scormid, $userid, $scoid, $attempt);
    }

    /**
     * Every stored element in plain text. A value that cannot be opened is left out and logged, so that the learner can
     * begin again instead of being locked out; what takes its place leaves the old value with the kept ones.
     *
     * @return array<string, string> value by storage name
     */
    public function read(): array {
        return $this->open($this->rows());
    }

    /**
     * The elements that could not be opened when they were read.
     *
     * @return string[] storage names
     */
    public function unreadable(): array {
        return array_keys($this->unreadable);
    }

    /**
     * When elements were stored last.
     *
     * @return array<string, int> timestamp by storage name
     */
    public function times(): array {
        return array_map(static fn(\stdClass $row): int => (int) $row->timemodified, $this->rows());
    }

    /**
     * The elements that are stored sealed, in plain text.
     *
     * @return array<string, string> value by storage name
     */
    public function read_sealed(): array {
        return $this->open(array_filter(
            $this->rows(),
            static fn(\stdClass $row): bool => sealer::looks_sealed((string) $row->value)
        ));
    }

    /**
     * The values of rows in plain text.
     *
     * @param \stdClass[] $rows by element
     * @return array<string, string>
     */
    private function open(array $rows): array {
        $plain = [];
        $this->unreadable = [];
        foreach ($rows as $element => $row) {
            try {
                $plain[$element] = $this->sealer->open($element, (string) $row->value);
            } catch (\Scormbridge\SealException $e) {
                $this->unreadable[$element] = $e->reason;
                track_unreadable::of($this->scormid, $this->userid, $this->scoid, $this->attempt, $element, $e)->trigger();
            }
        }
        return $plain;
    }

    /**
     * What of an attempt is the data model's. The rest is mod_scorm's own bookkeeping.
     *
     * @param array<string, string> $stored value by storage name
     * @return array<string, string>
     */
    public static function owned(array $stored): array {
        return array_filter($stored, static fn(string $name): bool => str_starts_with($name, 'cmi.'), ARRAY_FILTER_USE_KEY);
    }

    /**
     * Makes sure that mod_scorm knows the names of all elements. It keeps them in a cache that does not follow a
     * rollback, so names must exist before a transaction begins.
     *
     * @param string[] $elements storage names
     */
    public static function know_elements(array $elements): void {
        foreach ($elements as $element) {
            try {
                scorm_get_elementid($element);
            } catch (\dml_write_exception $e) {
                // Another commit was first. That there is no such element, which this one had read before, may have reached
                // the cache after the other's news; there it would stay, and no learner could save the element any more.
                \cache::make('mod_scorm', 'elements')->delete($element);
                scorm_get_elementid($element);
            }
        }
    }

    /**
     * Writes rows of the data model, those of secret classes sealed.
     *
     * @param array[] $rows element, value, class
     * @return array[] the rows that are still to be announced
     */
    public function write(array $rows): array {
        $attempt = scorm_get_attempt($this->userid, $this->scormid, $this->attempt);
        $announced = [];
        foreach ($rows as $row) {
            $this->keep_unreadable($row['element']);
            $value = $this->sealer->seal($row['element'], $row['value'], $row['class']);
            if (self::is_announced($row)) {
                $this->put($attempt, $row['element'], $value);
                $announced[] = $row;
            } else {
                $this->insert($attempt, $row['element'], $value);
            }
        }
        $this->rows = null;
        return $announced;
    }

    /**
     * Whether mod_scorm does more for a row than store it.
     *
     * @param array $row element and value
     * @return bool
     */
    private static function is_announced(array $row): bool {
        return in_array($row['element'], self::SCORES, true)
            || in_array($row['element'], self::STATUSES, true) && in_array($row['value'], self::ENDS, true);
    }

    /**
     * Whether mod_scorm gives a grade for one of some rows.
     *
     * @param array[] $announced rows of write()
     * @return bool
     */
    public static function leads_to_grade(array $announced): bool {
        return array_filter($announced, static fn(array $row): bool => $row['value'] !== 'failed') !== [];
    }

    /**
     * Lets mod_scorm do what it does for scores and statuses, now that they are stored: gradebook, completion, events.
     *
     * @param array[] $rows of write()
     * @param bool $forcecompleted mod_scorm's setting of that name
     */
    public function announce(array $rows, bool $forcecompleted): void {
        $attempt = scorm_get_attempt($this->userid, $this->scormid, $this->attempt);
        foreach ($rows as $row) {
            $this->insert($attempt, $row['element'], $row['value'], $forcecompleted);
        }
        $this->rows = null;
    }

    /**
     * Empties elements, so that the SCO begins without them.
     *
     * @param string[] $elements storage names
     */
    public function clear(array $elements): void {
        $attempt = scorm_get_attempt($this->userid, $this->scormid, $this->attempt);
        foreach ($elements as $element) {
            $this->keep_unreadable($element);
            $this->insert($attempt, $element, '');
        }
        $this->rows = null;
    }

    /**
     * Stores a score or a status without what mod_scorm makes of it.
     *
     * @param \stdClass $attempt
     * @param string $element
     * @param string $value
     */
    private function put(\stdClass $attempt, string $element, string $value): void {
        global $DB;

        $row = $this->rows()[$element] ?? null;
        $stored = ['value' => $value, 'timemodified' => time()];
        if ($row !== null) {
            $DB->update_record('scorm_scoes_value', (object) (['id' => $row->valueid] + $stored));
            return;
        }
        $DB->insert_record('scorm_scoes_value', (object) ($stored + [
            'scoid' => $this->scoid,
            'attemptid' => $attempt->id,
            'elementid' => scorm_get_elementid($element),
        ]));
    }

    /**
     * Keeps a value that could not be opened, before another takes its place.
     *
     * @param string $element
     */
    private function keep_unreadable(string $element): void {
        if (isset($this->unreadable[$element], $this->rows()[$element])) {
            $of = new sco_attempt($this->scormid, $this->userid, $this->scoid, $this->attempt);
            kept_values::keep($of, $element, (string) $this->rows()[$element]->value, $this->unreadable[$element]);
        }
    }

    /**
     * Stores values that were sealed elsewhere, sealed for this SCO. Where mod_scorm has restored a value, sealed as it was
     * elsewhere, it stays as old as it is: the learner has not changed it.
     *
     * @param array<string, string> $values plain value by storage name
     */
    public function seal_anew(array $values): void {
        global $DB;

        $attempt = scorm_get_attempt($this->userid, $this->scormid, $this->attempt);
        foreach ($values as $element => $value) {
            $sealed = $this->sealer->seal_always($element, $value);
            $row = $this->rows()[$element] ?? null;
            if ($row === null) {
                $this->insert($attempt, $element, $sealed);
            } else {
                $DB->set_field('scorm_scoes_value', 'value', $sealed, ['id' => $row->valueid]);
            }
        }
        $this->rows = null;
    }

    /**
     * Stores sealed values of this SCO as plain ones.
     */
    public function unseal(): void {
        $attempt = scorm_get_attempt($this->userid, $this->scormid, $this->attempt);
        foreach ($this->read_sealed() as $element => $value) {
            $this->insert($attempt, $element, $value);
        }
        $this->rows = null;
    }

    /**
     * Opens every sealed value of an activity for good, for all learners.
     *
     * @param int $scormid
     */
    public static function unseal_activity(int $scormid): void {
        foreach (self::sealed_scoes($scormid) as $found) {
            (new self($scormid, (int) $found->userid, (int) $found->scoid, (int) $found->attempt))->unseal();
        }
    }

    /**
     * Every attempt at a SCO of an activity that holds a sealed value.
     *
     * @param int $scormid
     * @param int[]|null $userids only of these learners
     * @return \stdClass[] userid, scoid, attempt
     */
    public static function sealed_scoes(int $scormid, ?array $userids = null): array {
        global $DB;

        $sealed = $DB->sql_like('v.value', ':prefix');
        [$users, $params] = $userids === null ? ['', []] : $DB->get_in_or_equal($userids, SQL_PARAMS_NAMED);
        $users = $users === '' ? '' : "AND a.userid {$users}";
        $sql = "SELECT MIN(v.id) AS id, a.userid, v.scoid, a.attempt
                  FROM {scorm_scoes_value} v
                  JOIN {scorm_attempt} a ON a.id = v.attemptid
                 WHERE a.scormid = :scormid AND {$sealed} {$users}
              GROUP BY a.userid, v.scoid, a.attempt";
        $prefix = $DB->sql_like_escape(sealer::PREFIX) . '%';
        return array_values($DB->get_records_sql($sql, ['scormid' => $scormid, 'prefix' => $prefix] + $params));
    }

    /**
     * One write through mod_scorm. It compares the old and the new value loosely and would not replace "1" by "01", so
     * where two values are alike but not the same it is shown an old value that is like nothing.
     *
     * @param \stdClass $attempt
     * @param string $element
     * @param string $value
     * @param bool $forcecompleted
     */
    private function insert(\stdClass $attempt, string $element, string $value, bool $forcecompleted = false): void {
        $row = $this->rows()[$element] ?? null;
        $known = [];
        if ($row !== null) {
            $same = $row->value === $value;
            $known[$element] = (object) [
                'element' => $element,
                'valueid' => $row->valueid,
                'value' => $same || $row->value != $value ? $row->value : "{$value}#",
                'timemodified' => $row->timemodified,
            ];
        }
        scorm_insert_track($this->userid, $this->scormid, $this->scoid, $attempt, $element, $value, $forcecompleted, $known);
    }

    /**
     * The rows as stored.
     *
     * @return \stdClass[] by element
     */
    private function rows(): array {
        global $DB;

        if ($this->rows === null) {
            $sql = "SELECT e.element, v.id AS valueid, v.value, v.timemodified
                      FROM {scorm_scoes_value} v
                      JOIN {scorm_attempt} a ON a.id = v.attemptid
                      JOIN {scorm_element} e ON e.id = v.elementid
                     WHERE a.scormid = ? AND a.userid = ? AND v.scoid = ? AND a.attempt = ?
                  ORDER BY v.id";
            $this->rows = $DB->get_records_sql($sql, [$this->scormid, $this->userid, $this->scoid, $this->attempt]);
        }
        return $this->rows;
    }
}
