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

namespace local_externalscormbridge\package;

use local_externalscormbridge\notification;

/**
 * Tells those who may edit an activity that its package has changed under learners who have begun.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class change_notice {
    /** Who can do something about it. */
    private const CAPABILITY = 'moodle/course:manageactivities';

    /**
     * Sends it.
     *
     * @param \stdClass $scorm
     * @param int $learners how many have begun
     * @param bool $waits whether somebody must accept the change
     * @return int how many were told
     */
    public static function send(\stdClass $scorm, int $learners, bool $waits): int {
        $cm = get_coursemodule_from_instance('scorm', $scorm->id, $scorm->course, false, MUST_EXIST);
        $context = \context_module::instance($cm->id);
        $url = new \moodle_url('/local/externalscormbridge/package.php', ['id' => $cm->id]);
        $strings = $waits ? 'change' : 'changed';
        $notice = new notification('packagechanged', $strings, $scorm, $context, $url);
        $told = 0;
        foreach ($notice->recipients() as $teacher) {
            if (has_capability(self::CAPABILITY, $context, $teacher)) {
                $notice->send($teacher, ['learners' => $learners]);
                $told++;
            }
        }
        return $told;
    }
}
