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

namespace local_externalscormbridge\rotation;

use local_externalscormbridge\history\store as history;
use local_externalscormbridge\tracking\kept_values;
use local_externalscormbridge\tracking\sealer;

/**
 * A column that holds sealed values, and what each of them is bound to.
 *
 * all() must name every such column: a key is dropped once nothing in them needs it.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class place {
    /**
     * Constructor.
     *
     * @param string $name for people
     * @param string $table
     * @param string $column
     * @param string $select fields that bound_to needs, of the row "v" and what is joined
     * @param string $join tables beside the row "v"
     * @param \Closure $boundto row to list of strings
     */
    private function __construct(
        /** @var string for people */
        public readonly string $name,
        /** @var string the table */
        private readonly string $table,
        /** @var string the column */
        private readonly string $column,
        /** @var string fields that boundto needs */
        private readonly string $select,
        /** @var string tables beside the row */
        private readonly string $join,
        /** @var \Closure row to list of strings */
        private readonly \Closure $boundto
    ) {
    }

    /**
     * Every column with sealed values.
     *
     * @return self[]
     */
    public static function all(): array {
        $oftrack = static fn(\stdClass $row): array => sealer::bound_to(
            (int) $row->scormid,
            (int) $row->userid,
            (int) $row->scoid,
            (int) $row->attempt,
            $row->element
        );
        return [
            // Of activities that play from a CDN: in others, what looks sealed is a learner's own text.
            new self(
                'tracks',
                'scorm_scoes_value',
                'value',
                'a.scormid, a.userid, v.scoid, a.attempt, e.element',
                'JOIN {scorm_attempt} a ON a.id = v.attemptid
                 JOIN {scorm_element} e ON e.id = v.elementid
                 JOIN {local_externalscormbridge_pkg} p ON p.scormid = a.scormid',
                $oftrack
            ),
            new self('kept', kept_values::TABLE, 'value', 'v.scormid, v.userid, v.scoid, v.attempt, v.element', '', $oftrack),
            new self(
                'history',
                history::TABLE,
                'data',
                'v.scormid, v.userid, v.scoid, v.attempt, v.launchid, v.firstseq, v.part',
                '',
                history::bound_to(...)
            ),
        ];
    }

    /**
     * How many values a key has sealed.
     *
     * @param string $kid
     * @return int
     */
    public function count(string $kid): int {
        return $this->count_where(['like' => self::of_key($kid)], []);
    }

    /**
     * How many sealed values are so badly damaged that they do not even name their key.
     *
     * @return int
     */
    public function count_unnamed(): int {
        return $this->count_where(['like' => sealer::PREFIX . '%'], ['unlike' => sealer::PREFIX . '%:%']);
    }

    /**
     * The next values that another key than one has sealed.
     *
     * @param string $kid
     * @param int $after id of a row
     * @param int $limit
     * @return \stdClass[] id, sealed and what boundto needs
     */
    public function next(string $kid, int $after, int $limit): array {
        global $DB;

        [$where, $params] = $this->where(['like' => sealer::PREFIX . '%'], ['unlike' => self::of_key($kid)]);
        $sql = "SELECT v.id, v.{$this->column} AS sealed, {$this->select}
                  FROM {{$this->table}} v {$this->join}
                 WHERE {$where} AND v.id > :after
              ORDER BY v.id";
        return array_values($DB->get_records_sql($sql, $params + ['after' => $after], 0, $limit));
    }

    /**
     * What a row's value is bound to.
     *
     * @param \stdClass $row of next()
     * @return string[]
     */
    public function bound_to(\stdClass $row): array {
        return ($this->boundto)($row);
    }

    /**
     * Puts another value in the place of one, unless somebody else did so before.
     *
     * @param \stdClass $row of next()
     * @param string $sealed
     * @return bool whether it is there now
     */
    public function replace(\stdClass $row, string $sealed): bool {
        global $DB;

        $same = $DB->sql_equal($this->column, ':old');
        $DB->execute(
            "UPDATE {{$this->table}} SET {$this->column} = :sealed WHERE id = :id AND {$same}",
            ['sealed' => $sealed, 'id' => $row->id, 'old' => $row->sealed]
        );
        return $DB->get_field($this->table, $this->column, ['id' => $row->id]) === $sealed;
    }

    /**
     * How sealed values of a key begin, as a pattern.
     *
     * @param string $kid
     * @return string
     */
    private static function of_key(string $kid): string {
        global $DB;

        return $DB->sql_like_escape(sealer::PREFIX . "{$kid}:") . '%';
    }

    /**
     * Counts values.
     *
     * @param array<string, string> $like one pattern by parameter
     * @param array<string, string> $unlike none or one
     * @return int
     */
    private function count_where(array $like, array $unlike): int {
        global $DB;

        [$where, $params] = $this->where($like, $unlike);
        return $DB->count_records_sql("SELECT COUNT(v.id) FROM {{$this->table}} v {$this->join} WHERE {$where}", $params);
    }

    /**
     * A condition on the column.
     *
     * @param array<string, string> $like one pattern by parameter
     * @param array<string, string> $unlike none or one
     * @return array condition and parameters
     */
    private function where(array $like, array $unlike): array {
        global $DB;

        $conditions = [];
        foreach ($like + $unlike as $name => $pattern) {
            $conditions[] = $DB->sql_like("v.{$this->column}", ":{$name}", true, true, isset($unlike[$name]));
        }
        return [implode(' AND ', $conditions), $like + $unlike];
    }
}
