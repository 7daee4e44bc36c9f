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

namespace local_externalscormbridge\report;

/**
 * The rows of the live report: each learner, attempt and SCO.
 *
 * Which rows are on a page is decided by a query that reads no more than it sorts and filters by; what they show is then
 * read for these rows only. That keeps a page of a large course quick (docs/report.md has the plans).
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class rows {
    /** Somebody whose SCO runs counts as playing for so long after its last call, in seconds. */
    public const PLAYING = 300;

    /** What can be sorted by. */
    public const SORTS = ['firstname', 'lastname', 'attempt', 'sco', 'status', 'score', 'lastactive'];

    /**
     * Constructor.
     *
     * @param activity $activity
     * @param filter $filter
     */
    public function __construct(
        /** @var activity the activity */
        private readonly activity $activity,
        /** @var filter which rows */
        private readonly filter $filter
    ) {
    }

    /**
     * How many there are.
     *
     * @return int
     */
    public function count(): int {
        global $DB;

        [$from, $where, $params] = $this->query([]);
        return $DB->count_records_sql("SELECT COUNT(1) FROM {$from} WHERE {$where}", $params);
    }

    /**
     * A page of them.
     *
     * @param array<string, int> $sort SORT_ASC or SORT_DESC by name
     * @param int $offset
     * @param int $limit
     * @return \stdClass[] see complete()
     */
    public function page(array $sort, int $offset, int $limit): array {
        global $DB;

        $sort = array_intersect_key($sort, array_flip(self::SORTS));
        [$from, $where, $params] = $this->query(array_keys($sort));
        $order = [];
        foreach ($sort as $name => $direction) {
            $order[] = self::sorted_by($name) . ($direction === SORT_DESC ? ' DESC' : ' ASC');
        }
        $order = implode(', ', [...$order, 'a.id', 's.sortorder', 's.id']);
        $names = \core_user\fields::for_userpic()->get_sql('u', false, '', '', false)->selects;
        $id = $DB->sql_concat('a.id', "'-'", 's.id');
        $sql = "SELECT {$id} AS rowid, a.id AS attemptid, a.attempt, a.userid, s.id AS scoid, s.title, {$names}
                  FROM {$from}
                 WHERE {$where}
              ORDER BY {$order}";
        return $this->complete($DB->get_records_sql($sql, $params, $offset, $limit));
    }

    /**
     * Something that is different after every change of a row, and cheap to ask for.
     *
     * @return string
     */
    public function stamp(): string {
        global $DB;

        // More than one commit may fall into a second, also into one that has not yet ended.
        $sql = "SELECT COUNT(1) AS launches, COALESCE(SUM(l.lastseq), 0) AS calls, COALESCE(MAX(l.timemodified), 0) AS latest
                  FROM {local_externalscormbridge_launch} l
                 WHERE l.scormid = :scormid AND l.timemodified >= :since";
        $recent = $DB->get_record_sql($sql, ['scormid' => $this->activity->scorm->id, 'since' => time() - self::PLAYING]);
        $due = $DB->count_records('local_externalscormbridge_due', ['scormid' => $this->activity->scorm->id]);
        $attempts = $DB->count_records('scorm_attempt', ['scormid' => $this->activity->scorm->id]);
        return "{$recent->latest}.{$recent->launches}.{$recent->calls}.{$due}.{$attempts}";
    }

    /**
     * The parts of a query.
     *
     * @param string[] $sorts what is sorted by
     * @return array what follows FROM, WHERE, and the named parameters
     */
    private function query(array $sorts): array {
        global $DB;

        $filter = $this->filter;
        $from = "{scorm_attempt} a
                  JOIN {user} u ON u.id = a.userid AND u.deleted = 0
                  JOIN {scorm_scoes} s ON s.scorm = a.scormid AND " . activity::playable('s');
        $params = ['scormid' => $this->activity->scorm->id];
        [$seen, $more] = $this->activity->learners('a.userid', $filter->group);
        $where = ['a.scormid = :scormid', $seen];
        $params += $more;
        if ($filter->sco !== 0) {
            $where[] = 's.id = :sco';
            $params['sco'] = $filter->sco;
        }
        if ($filter->name !== '') {
            $where[] = $DB->sql_like($DB->sql_fullname('u.firstname', 'u.lastname'), ':name', false, false);
            $params['name'] = '%' . $DB->sql_like_escape($filter->name) . '%';
        }
        if ($filter->playing || in_array('lastactive', $sorts, true)) {
            [$launches, $more] = $this->launches();
            $from .= " LEFT JOIN ({$launches}) l ON l.userid = a.userid AND l.attempt = a.attempt AND l.scoid = s.id";
            $params += $more;
        }
        if ($filter->playing) {
            $where[] = 'l.playing >= :playingsince';
            $params['playingsince'] = time() - self::PLAYING;
        }
        if ($filter->status !== '') {
            [$condition, $more] = $this->has_status($filter->status);
            $where[] = $condition;
            $params += $more;
        }
        foreach (['status' => outcome::STATUSES, 'score' => outcome::SCORES] as $name => $elements) {
            if (in_array($name, $sorts, true)) {
                [$in, $more] = outcomes::elements($elements, $name);
                $from .= " LEFT JOIN (
                    SELECT v.attemptid, v.scoid, MAX(" . self::comparable($name) . ") AS value
                      FROM {scorm_scoes_value} v
                      JOIN {scorm_attempt} va ON va.id = v.attemptid AND va.scormid = :{$name}scormid
                     WHERE v.elementid {$in}
                  GROUP BY v.attemptid, v.scoid
                ) {$name} ON {$name}.attemptid = a.id AND {$name}.scoid = s.id";
                $params += $more + ["{$name}scormid" => $this->activity->scorm->id];
            }
        }
        return [$from, implode(' AND ', $where), $params];
    }

    /**
     * When each SCO of an attempt was last heard of, and when while it ran.
     *
     * @param int[]|null $userids only of these learners
     * @return array query and named parameters
     */
    private function launches(?array $userids = null): array {
        global $DB;

        [$users, $params] = $userids === null ? ['', []] : $DB->get_in_or_equal($userids, SQL_PARAMS_NAMED, 'launcher');
        $users = $users === '' ? '' : "AND lx.userid {$users}";
        $sql = "SELECT lx.userid, lx.attempt, lx.scoid, MAX(lx.timemodified) AS lastactive,
                       MAX(CASE WHEN lx.status = 'running' THEN lx.timemodified ELSE 0 END) AS playing
                  FROM {local_externalscormbridge_launch} lx
                 WHERE lx.scormid = :launched AND lx.mode = 'normal' {$users}
              GROUP BY lx.userid, lx.attempt, lx.scoid";
        return [$sql, $params + ['launched' => $this->activity->scorm->id]];
    }

    /**
     * The condition that a row has a status.
     *
     * @param string $status one of outcome::NAMES
     * @return array condition and named parameters
     */
    private function has_status(string $status): array {
        global $DB;

        [$in, $params] = outcomes::elements(outcome::STATUSES, 'st');
        $said = "SELECT 1 FROM {scorm_scoes_value} v WHERE v.attemptid = a.id AND v.scoid = s.id AND v.elementid {$in} AND "
            . $DB->sql_compare_text('v.value', 20);
        if ($status !== 'notattempted') {
            return ["EXISTS ({$said} = :status)", $params + ['status' => $status]];
        }
        [$any, $more] = $DB->get_in_or_equal(array_diff(outcome::NAMES, [$status]), SQL_PARAMS_NAMED, 'any');
        return ["NOT EXISTS ({$said} {$any})", $params + $more];
    }

    /**
     * A value as something that can be sorted. Scores are numbers; what is none counts as nothing.
     *
     * @param string $name status or score
     * @return string
     */
    private static function comparable(string $name): string {
        global $DB;

        if ($name === 'status') {
            return $DB->sql_compare_text('v.value', 20);
        }
        // Without question marks, which would be parameters.
        $text = $DB->sql_compare_text('v.value', 40);
        $number = $DB->sql_cast_char2real($text);
        return "CASE WHEN {$text} " . $DB->sql_regex() . " '^-{0,1}[0-9]+([.][0-9]+){0,1}$' THEN {$number} END";
    }

    /**
     * What a name sorts by.
     *
     * @param string $name
     * @return string
     */
    private static function sorted_by(string $name): string {
        return match ($name) {
            'firstname', 'lastname' => "u.{$name}",
            'attempt' => 'a.attempt',
            'sco' => 's.sortorder',
            'lastactive' => 'COALESCE(l.lastactive, 0)',
            'status' => "COALESCE(status.value, '')",
            'score' => 'COALESCE(score.value, -1)',
        };
    }

    /**
     * Adds what rows show: outcome, lastactive (a timestamp or 0), playing, due (the updates that wait, or null).
     *
     * @param \stdClass[] $rows by rowid
     * @return \stdClass[]
     */
    private function complete(array $rows): array {
        global $DB;

        if ($rows === []) {
            return [];
        }
        $attemptids = array_values(array_unique(array_column($rows, 'attemptid')));
        $userids = array_values(array_unique(array_column($rows, 'userid')));
        $outcomes = outcomes::of($attemptids);
        [$sql, $params] = $this->launches($userids);
        $launches = [];
        foreach ($DB->get_recordset_sql($sql, $params) as $launch) {
            $launches["{$launch->userid}-{$launch->attempt}-{$launch->scoid}"] = $launch;
        }
        [$in, $params] = $DB->get_in_or_equal($userids, SQL_PARAMS_NAMED);
        $select = "scormid = :scormid AND userid {$in}";
        $due = $DB->get_records_select(
            'local_externalscormbridge_due',
            $select,
            $params + ['scormid' => $this->activity->scorm->id],
            '',
            'userid, tries, nexttry, lasterror'
        );
        foreach ($rows as $row) {
            [$outcome, $changed] = $outcomes[$row->attemptid][$row->scoid] ?? [new outcome([]), 0];
            $launch = $launches["{$row->userid}-{$row->attempt}-{$row->scoid}"] ?? null;
            $row->outcome = $outcome;
            $row->lastactive = max((int) ($launch->lastactive ?? 0), $changed);
            $row->playing = (int) ($launch->playing ?? 0) >= time() - self::PLAYING;
            $row->due = $due[$row->userid] ?? null;
        }
        return $rows;
    }
}
