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

use local_externalscormbridge\event\access_denied;
use local_externalscormbridge\package\package;
use local_externalscormbridge\package\store as package_store;

/**
 * One SCORM activity that plays a CDN package, and whom of its learners the current user may see.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class activity {
    /** Who may see learners' results: the same as in mod_scorm's own reports. */
    public const CAPABILITY = 'mod/scorm:viewreport';

    /**
     * Constructor.
     *
     * @param \cm_info $cm
     * @param \stdClass $course
     * @param \stdClass $scorm
     * @param \context_module $context
     * @param package $package
     */
    private function __construct(
        /** @var \cm_info the course module */
        public readonly \cm_info $cm,
        /** @var \stdClass its course */
        public readonly \stdClass $course,
        /** @var \stdClass its row in scorm */
        public readonly \stdClass $scorm,
        /** @var \context_module its context */
        public readonly \context_module $context,
        /** @var package what it plays */
        public readonly package $package
    ) {
    }

    /**
     * The activity of a course module. Says nothing of who asks.
     *
     * @param int $cmid
     * @return self
     * @throws \moodle_exception if it plays no CDN package
     */
    public static function of(int $cmid): self {
        global $DB;

        [$course, $cm] = get_course_and_cm_from_cmid($cmid, 'scorm');
        $package = package_store::find((int) $cm->instance);
        if ($package === null) {
            throw new \moodle_exception('report_nopackage', 'local_externalscormbridge', $cm->url);
        }
        $scorm = $DB->get_record('scorm', ['id' => $cm->instance], '*', MUST_EXIST);
        return new self($cm, $course, $scorm, \context_module::instance($cm->id), $package);
    }

    /**
     * The activity of a page for people who have signed in and may see results, or whatever else the page is about.
     *
     * @param int $cmid
     * @param string $capability
     * @return self
     */
    public static function enter(int $cmid, string $capability = self::CAPABILITY): self {
        $activity = self::of($cmid);
        require_login($activity->course, false, $activity->cm);
        $activity->demand($capability);
        return $activity;
    }

    /**
     * Refuses, and logs it, where the current user has not a right.
     *
     * @param string $capability
     * @throws \required_capability_exception
     */
    public function demand(string $capability): void {
        if (!$this->allows($capability)) {
            throw new \required_capability_exception($this->context, $capability, 'nopermissions', '');
        }
    }

    /**
     * Whether the current user has a right; if not, that somebody tried is logged.
     *
     * @param string $capability
     * @return bool
     */
    public function allows(string $capability): bool {
        $allowed = has_capability($capability, $this->context);
        if (!$allowed) {
            access_denied::of($this->context, 'no_' . substr(strrchr($capability, ':'), 1))->trigger();
        }
        return $allowed;
    }

    /**
     * Refuses, and logs it, where the current user may not see a learner.
     *
     * @param int $userid
     * @throws \moodle_exception
     */
    public function demand_learner(int $userid): void {
        if ($this->visible([$userid]) === []) {
            access_denied::of($this->context, 'learner_not_visible', $userid)->trigger();
            throw new \moodle_exception('report_nolearner', 'local_externalscormbridge', $this->url('index'));
        }
    }

    /**
     * The learners whom the current user may see, as a condition on a column with their ids.
     *
     * @param string $column
     * @param int $group only of this group; 0 for everybody who may be seen
     * @return array condition and named parameters
     */
    public function learners(string $column, int $group = 0): array {
        global $DB;

        $all = (int) groups_get_activity_groupmode($this->cm) !== SEPARATEGROUPS
            || has_capability('moodle/site:accessallgroups', $this->context);
        if ($group === 0 && $all) {
            return ['1 = 1', []];
        }
        $allowed = array_keys(groups_get_activity_allowed_groups($this->cm));
        $groups = $group === 0 ? $allowed : array_intersect($allowed, [$group]);
        [$in, $params] = $DB->get_in_or_equal($groups, SQL_PARAMS_NAMED, 'grp', true, -1);
        return ["EXISTS (SELECT 1 FROM {groups_members} gm WHERE gm.userid = {$column} AND gm.groupid {$in})", $params];
    }

    /**
     * Those of some learners whom the current user may see.
     *
     * @param int[] $userids
     * @return int[]
     */
    public function visible(array $userids): array {
        global $DB;

        if ($userids === []) {
            return [];
        }
        [$in, $params] = $DB->get_in_or_equal($userids, SQL_PARAMS_NAMED);
        [$seen, $more] = $this->learners('u.id');
        $sql = "SELECT u.id FROM {user} u WHERE u.deleted = 0 AND u.id {$in} AND {$seen}";
        return array_map('intval', $DB->get_fieldset_sql($sql, $params + $more));
    }

    /**
     * Everybody with an attempt whom the current user may see.
     *
     * @param int $group only of this group; 0 for all
     * @return int[] ids
     */
    public function learners_with_attempts(int $group = 0): array {
        global $DB;

        [$seen, $params] = $this->learners('u.id', $group);
        $sql = "SELECT DISTINCT u.id
                  FROM {scorm_attempt} a
                  JOIN {user} u ON u.id = a.userid AND u.deleted = 0
                 WHERE a.scormid = :scormid AND {$seen}
              ORDER BY u.id";
        return array_map('intval', $DB->get_fieldset_sql($sql, ['scormid' => $this->scorm->id] + $params));
    }

    /**
     * The address of a page about this activity.
     *
     * @param string $page name of the file in the report's folder
     * @param array $params
     * @return \moodle_url
     */
    public function url(string $page, array $params = []): \moodle_url {
        return new \moodle_url("/local/externalscormbridge/report/{$page}.php", ['id' => $this->cm->id] + $params);
    }

    /**
     * The condition that a row of scorm_scoes is a part that can be played: a SCO, or an asset, which is completed by
     * being opened. The others hold parts together.
     *
     * @param string $alias of the table
     * @return string
     */
    public static function playable(string $alias): string {
        global $DB;

        return $DB->sql_isnotempty('scorm_scoes', "{$alias}.launch", false, true);
    }

    /**
     * The parts that can be played, in their order.
     *
     * @return string[] title by id
     */
    public function scoes(): array {
        global $DB;

        $playable = self::playable('s');
        $sql = "SELECT s.id, s.title FROM {scorm_scoes} s WHERE s.scorm = ? AND {$playable} ORDER BY s.sortorder, s.id";
        $scoes = $DB->get_records_sql_menu($sql, [$this->scorm->id]);
        return array_map(fn(string $title): string => format_string($title, true, ['context' => $this->context]), $scoes);
    }
}
