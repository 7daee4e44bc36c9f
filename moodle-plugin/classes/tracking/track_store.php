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

/**
 * The stored tracks of one attempt at one SCO, in mod_scorm's own tables.
 *
 * Reads by SQL, because mod_scorm has no reader for a whole SCO without side effects; writes only through
 * scorm_insert_track(), so that grades, completion and events happen as they always do.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class track_store {
    /** How sealed values begin, for the database to find them by. */
    private const SEALED_PREFIX = 'esb1:';

    /** @var sealer for the values of this SCO */
    private readonly sealer $sealer;

    /** @var \stdClass[]|null rows by element: valueid, value */
    private ?array $rows = null;

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
     * begin again instead of being locked out.
     *
     * @return array<string, string> value by storage name
     */
    public function read(): array {
        return $this->open($this->rows());
    }

    /**
     * The elements that are stored sealed, in plain text.
     *
     * @return array<string, string> value by storage name
     */
    public function read_sealed(): array {
        return $this->open(array_filter(
            $this->rows(),
            static fn(\stdClass $row): bool => \Scormbridge\Vault::isSealed((string) $row->value)
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
        foreach ($rows as $element => $row) {
            try {
                $plain[$element] = $this->sealer->open($element, (string) $row->value);
            } catch (\Scormbridge\SealException $e) {
                track_unreadable::of($this->scormid, $this->userid, $this->scoid, $this->attempt, $element, $e)->trigger();
            }
        }
        return $plain;
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
                // Another learner's commit was first; now it is there.
                scorm_get_elementid($element);
            }
        }
    }

    /**
     * Writes rows of the data model, those of secret classes sealed.
     *
     * @param array[] $rows element, value, class
     * @param bool $forcecompleted mod_scorm's setting of that name
     */
    public function write(array $rows, bool $forcecompleted): void {
        $attempt = scorm_get_attempt($this->userid, $this->scormid, $this->attempt);
        foreach ($rows as $row) {
            $value = $this->sealer->seal($row['element'], $row['value'], $row['class']);
            $this->insert($attempt, $row['element'], $value, $forcecompleted);
        }
        $this->rows = null;
    }

    /**
     * Stores values that were sealed elsewhere, sealed for this SCO.
     *
     * @param array<string, string> $values plain value by storage name
     */
    public function seal_anew(array $values): void {
        $attempt = scorm_get_attempt($this->userid, $this->scormid, $this->attempt);
        foreach ($values as $element => $value) {
            $this->insert($attempt, $element, $this->sealer->seal_always($element, $value), false);
        }
        $this->rows = null;
    }

    /**
     * Stores sealed values of this SCO as plain ones.
     */
    public function unseal(): void {
        $attempt = scorm_get_attempt($this->userid, $this->scormid, $this->attempt);
        foreach ($this->read_sealed() as $element => $value) {
            $this->insert($attempt, $element, $value, false);
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
        $prefix = $DB->sql_like_escape(self::SEALED_PREFIX) . '%';
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
    private function insert(\stdClass $attempt, string $element, string $value, bool $forcecompleted): void {
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
