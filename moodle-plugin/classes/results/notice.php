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

use core\message\message;
use local_externalscormbridge\config;

/**
 * Tells those who teach in an activity that a learner's grade or completion could not be brought up to date.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class notice {
    /** Who is told. */
    private const CAPABILITY = 'local/externalscormbridge:benotified';

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
        $told = 0;
        foreach (get_users_by_capability($context, self::CAPABILITY) as $teacher) {
            if (self::may_know($teacher, $learner, $cm, $context)) {
                message_send(self::message($scorm, $cm, $context, $teacher, $learner));
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

    /**
     * The message to one teacher, in their language.
     *
     * @param \stdClass $scorm
     * @param \stdClass $cm
     * @param \context_module $context
     * @param \stdClass $teacher
     * @param \stdClass $learner
     * @return message
     */
    private static function message(
        \stdClass $scorm,
        \stdClass $cm,
        \context_module $context,
        \stdClass $teacher,
        \stdClass $learner
    ): message {
        $url = new \moodle_url('/mod/scorm/report.php', ['id' => $cm->id]);
        $name = format_string($scorm->name, true, ['context' => $context, 'escape' => false]);
        $words = (object) ['activity' => $name, 'learner' => fullname($learner)];
        $say = static fn(string $string): string
            => get_string_manager()->get_string($string, config::COMPONENT, $words, $teacher->lang);

        $message = new message();
        $message->component = config::COMPONENT;
        $message->name = 'resultsfailed';
        $message->courseid = $scorm->course;
        $message->userfrom = \core_user::get_noreply_user();
        $message->userto = $teacher;
        $message->subject = $say('message_results_subject');
        $message->fullmessage = $say('message_results_body');
        $message->fullmessageformat = FORMAT_PLAIN;
        $message->fullmessagehtml = text_to_html(s($message->fullmessage));
        $message->smallmessage = $message->subject;
        $message->notification = 1;
        $message->contexturl = $url->out(false);
        $message->contexturlname = $name;
        return $message;
    }
}
