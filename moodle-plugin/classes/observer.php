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

use local_externalscormbridge\package\installer;
use local_externalscormbridge\package\store as package_store;

/**
 * Keeps the plugin's tables in step with mod_scorm's.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class observer {
    /**
     * An activity is gone.
     *
     * @param \core\event\course_module_deleted $event
     */
    public static function course_module_deleted(\core\event\course_module_deleted $event): void {
        if ($event->other['modulename'] === 'scorm') {
            installer::forget((int) $event->other['instanceid']);
        }
    }

    /**
     * All of a course is gone. Its activities go without an event for each.
     */
    public static function course_content_deleted(): void {
        foreach (package_store::orphans() as $scormid) {
            installer::forget($scormid);
        }
    }

    /**
     * An attempt is gone; what its open players still send must not bring it back.
     *
     * @param \mod_scorm\event\attempt_deleted $event
     */
    public static function attempt_deleted(\mod_scorm\event\attempt_deleted $event): void {
        $cm = get_coursemodule_from_id('scorm', $event->contextinstanceid);
        if ($cm) {
            records::delete_for_attempt((int) $cm->instance, (int) $event->relateduserid, (int) $event->other['attemptid']);
        }
    }

    /**
     * A learner is gone.
     *
     * @param \core\event\user_deleted $event
     */
    public static function user_deleted(\core\event\user_deleted $event): void {
        records::delete_for_user((int) $event->objectid);
    }

    /**
     * A course was reset. mod_scorm deletes its attempts without an event for each.
     *
     * @param \core\event\course_reset_ended $event
     */
    public static function course_reset_ended(\core\event\course_reset_ended $event): void {
        global $DB;

        if (empty($event->other['reset_options']['reset_scorm'])) {
            return;
        }
        foreach ($DB->get_fieldset('scorm', 'id', ['course' => $event->courseid]) as $scormid) {
            records::delete_for_activity((int) $scormid);
        }
    }
}
