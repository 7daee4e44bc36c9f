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

use local_externalscormbridge\notification;

/**
 * Tells those who teach in an activity that a learner's grade or completion could not be brought up to date.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class notice {
    /**
     * Sends it.
     *
     * @param \stdClass $scorm
     * @param int $userid the learner
     * @return int how many were told
     */
    public static function send(\stdClass $scorm, int $userid): int {
        $cm = get_coursemodule_from_instance('scorm', $scorm->id, $scorm->course, false, MUST_EXIST);
        $context = \context_module::instance($cm->id);
        $learner = \core_user::get_user($userid, '*', MUST_EXIST);
        $url = new \moodle_url('/mod/scorm/report.php', ['id' => $cm->id]);
        $notice = new notification('resultsfailed', 'results', $scorm, $context, $url);
        $told = 0;
        foreach ($notice->recipients() as $teacher) {
            if (self::may_know($teacher, $learner, $cm, $context)) {
                $notice->send($teacher, ['learner' => fullname($learner)]);
                $told++;
            }
        }
        return $told;
    }

    /**
     * Whether a teacher may know about a learner: with separate groups only those who share one.
     *
     * @param \stdClass $teacher
     * @param \stdClass $learner
     * @param \stdClass $cm
     * @param \context_module $context
     * @return bool
     */
    private static function may_know(
        \stdClass $teacher,
        \stdClass $learner,
        \stdClass $cm,
        \context_module $context
    ): bool {
        if (
            (int) groups_get_activity_groupmode($cm) !== SEPARATEGROUPS
            || has_capability('moodle/site:accessallgroups', $context, $teacher)
        ) {
            return true;
        }
        $of = static fn(\stdClass $user): array
            => array_keys(groups_get_all_groups($cm->course, $user->id, $cm->groupingid, 'g.id'));
        return array_intersect($of($teacher), $of($learner)) !== [];
    }
}
