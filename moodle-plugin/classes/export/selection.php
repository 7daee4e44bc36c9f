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

namespace local_externalscormbridge\export;

use local_externalscormbridge\event\access_denied;
use local_externalscormbridge\output\learner_report;
use local_externalscormbridge\report\activity;

/**
 * Whose attempts are exported: one learner's, a group's, or those of everybody whom the current user may see.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class selection {
    /**
     * Constructor.
     *
     * @param activity $activity
     * @param int $learner id of the only learner, 0 for all
     * @param int $group id of the only group, 0 for all
     */
    public function __construct(
        /** @var activity the activity */
        public readonly activity $activity,
        /** @var int id of the only learner, 0 for all */
        public readonly int $learner = 0,
        /** @var int id of the only group, 0 for all */
        public readonly int $group = 0
    ) {
    }

    /**
     * Refuses, and logs it, where the current user may not have these attempts.
     *
     * @throws \moodle_exception
     */
    public function demand(): void {
        $this->activity->demand(activity::CAPABILITY);
        $this->activity->demand(learner_report::ANSWERS);
        if ($this->learner !== 0) {
            $this->activity->demand_learner($this->learner);
        }
        if ($this->group !== 0 && !isset($this->groups()[$this->group])) {
            access_denied::of($this->activity->context, 'group_not_visible')->trigger();
            throw new \moodle_exception('export_nogroup', 'local_externalscormbridge', $this->activity->url('export'));
        }
    }

    /**
     * The groups that the current user may choose from.
     *
     * @return string[] name by id
     */
    public function groups(): array {
        if ((int) groups_get_activity_groupmode($this->activity->cm) === NOGROUPS) {
            return [];
        }
        $context = ['context' => $this->activity->context];
        return array_map(
            static fn(\stdClass $group): string => format_string($group->name, true, $context),
            groups_get_activity_allowed_groups($this->activity->cm)
        );
    }

    /**
     * Whom the current user may see at all: a file made for somebody who saw more is not for somebody who sees less.
     *
     * @return string "all", or the ids of groups
     */
    public function sight(): string {
        [$condition, $params] = $this->activity->learners('u.id');
        if ($params === []) {
            return 'all';
        }
        $ids = array_map('intval', array_values($params));
        sort($ids);
        return implode(',', $ids);
    }

    /**
     * How much there is.
     *
     * @return \stdClass learners, attempts, values (stored values), batches (of the history)
     */
    public function size(): \stdClass {
        global $DB;

        [$from, $params] = $this->query();
        $attempts = "SELECT a.id, a.userid, a.attempt FROM {$from}";
        $sql = "SELECT COUNT(DISTINCT x.userid) AS learners, COUNT(1) AS attempts FROM ({$attempts}) x";
        $size = $DB->get_record_sql($sql, $params);
        $values = "SELECT COUNT(1) FROM ({$attempts}) x JOIN {scorm_scoes_value} v ON v.attemptid = x.id";
        $batches = "SELECT COUNT(1) FROM ({$attempts}) x
                      JOIN {local_externalscormbridge_hist} h
                        ON h.scormid = :histscormid AND h.userid = x.userid AND h.attempt = x.attempt";
        return (object) [
            'learners' => (int) $size->learners,
            'attempts' => (int) $size->attempts,
            'values' => $DB->count_records_sql($values, $params),
            'batches' => $DB->count_records_sql($batches, $params + ['histscormid' => $this->activity->scorm->id]),
        ];
    }

    /**
     * The attempts, one at a time.
     *
     * @return \Generator<\stdClass> attempt (its number), userid, names of the learner, and what identifies them
     */
    public function attempts(): \Generator {
        global $DB;

        $fields = $this->fields()->get_sql('u', true, '', '', false);
        [$from, $params] = $this->query($fields->joins);
        $sql = "SELECT a.id AS attemptid, a.attempt, u.id AS userid, {$fields->selects}
                  FROM {$from}
              ORDER BY u.lastname, u.firstname, u.id, a.attempt, a.id";
        $rows = $DB->get_recordset_sql($sql, $params + $fields->params);
        try {
            foreach ($rows as $row) {
                yield $row;
            }
        } finally {
            $rows->close();
        }
    }

    /**
     * What identifies learners besides their names, as far as the current user may see it.
     *
     * @return string[] heading by field
     */
    public function identity(): array {
        $fields = $this->fields()->get_required_fields([\core_user\fields::PURPOSE_IDENTITY]);
        return array_combine($fields, array_map(\core_user\fields::get_display_name(...), $fields));
    }

    /**
     * What is read of learners.
     *
     * @return \core_user\fields
     */
    private function fields(): \core_user\fields {
        return \core_user\fields::for_identity($this->activity->context)->with_name();
    }

    /**
     * Where attempts come from.
     *
     * @param string $joins more of it
     * @return array what follows FROM, and the named parameters
     */
    private function query(string $joins = ''): array {
        [$seen, $params] = $this->activity->learners('a.userid', $this->group);
        $from = "{scorm_attempt} a JOIN {user} u ON u.id = a.userid AND u.deleted = 0 {$joins}
                 WHERE a.scormid = :scormid AND {$seen}";
        $params['scormid'] = $this->activity->scorm->id;
        if ($this->learner !== 0) {
            $from .= ' AND a.userid = :learner';
            $params['learner'] = $this->learner;
        }
        return [$from, $params];
    }
}
