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

use core\message\message;
use local_externalscormbridge\config;
use local_externalscormbridge\report\activity;

/**
 * Tells whoever asked for an export that it is there, or why it is not.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class notice {
    /**
     * Sends it.
     *
     * @param job $job
     * @param activity $activity
     */
    public static function send(job $job, activity $activity): void {
        $user = \core_user::get_user($job->userid(), '*', MUST_EXIST);
        $name = format_string($activity->cm->name, true, ['context' => $activity->context, 'escape' => false]);
        $words = (object) [
            'activity' => $name,
            'reason' => $job->reason(),
            'lifetime' => format_time((new config())->export_lifetime()),
        ];
        $outcome = $job->status() === job::DONE ? 'done' : 'failed';
        $say = static fn(string $what): string => get_string_manager()
            ->get_string("message_export_{$outcome}_{$what}", config::COMPONENT, $words, $user->lang);

        $message = new message();
        $message->component = config::COMPONENT;
        $message->name = 'exportended';
        $message->courseid = $activity->course->id;
        $message->userfrom = \core_user::get_noreply_user();
        $message->userto = $user;
        $message->subject = $say('subject');
        $message->fullmessage = $say('body');
        $message->fullmessageformat = FORMAT_PLAIN;
        $message->fullmessagehtml = text_to_html(s($message->fullmessage));
        $message->smallmessage = $message->subject;
        $message->notification = 1;
        $message->contexturl = $activity->url('export', ['export' => $job->id()])->out(false);
        $message->contexturlname = $name;
        message_send($message);
    }
}
