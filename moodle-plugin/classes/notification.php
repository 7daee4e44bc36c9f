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

namespace local_externalscormbridge;

use core\message\message;

/**
 * A notification about an activity, to each teacher in their own language.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class notification {
    /** Who wants to be told. */
    private const CAPABILITY = 'local/externalscormbridge:benotified';

    /** @var string name of the activity as plain text */
    private readonly string $name;

    /**
     * Constructor.
     *
     * @param string $provider
     * @param string $strings
     * @param \stdClass $scorm
     * @param \context_module $context
     * @param \moodle_url $url
     */
    public function __construct(
        /** @var string its message provider */
        private readonly string $provider,
        /** @var string middle of the names of its strings: message_…_subject and message_…_body */
        private readonly string $strings,
        /** @var \stdClass the activity */
        private readonly \stdClass $scorm,
        /** @var \context_module its context */
        private readonly \context_module $context,
        /** @var \moodle_url where to do something about it */
        private readonly \moodle_url $url
    ) {
        $this->name = format_string($scorm->name, true, ['context' => $context, 'escape' => false]);
    }

    /**
     * Everybody who may want to be told.
     *
     * @return \stdClass[] users
     */
    public function recipients(): array {
        return get_users_by_capability($this->context, self::CAPABILITY);
    }

    /**
     * Sends it to one of them.
     *
     * @param \stdClass $teacher
     * @param array $words placeholders of the strings; the activity's name is always one
     */
    public function send(\stdClass $teacher, array $words): void {
        $words = (object) (['activity' => $this->name] + $words);
        $say = fn(string $part): string
            => get_string_manager()->get_string("message_{$this->strings}_{$part}", config::COMPONENT, $words, $teacher->lang);

        $message = new message();
        $message->component = config::COMPONENT;
        $message->name = $this->provider;
        $message->courseid = $this->scorm->course;
        $message->userfrom = \core_user::get_noreply_user();
        $message->userto = $teacher;
        $message->subject = $say('subject');
        $message->fullmessage = $say('body');
        $message->fullmessageformat = FORMAT_PLAIN;
        $message->fullmessagehtml = text_to_html(s($message->fullmessage));
        $message->smallmessage = $message->subject;
        $message->notification = 1;
        $message->contexturl = $this->url->out(false);
        $message->contexturlname = $this->name;
        message_send($message);
    }
}
