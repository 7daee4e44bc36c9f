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

use local_externalscormbridge\event\progress_reset;
use local_externalscormbridge\records;

/**
 * Lets learners begin an activity anew: tracks, history, grade and completion go.
 *
 * What their open players still send is refused, as their launches are gone. A grade that somebody has overridden or
 * locked in the gradebook is that person's, and stays.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class reset {
    /** Who may: the same as delete attempts in mod_scorm's own reports. */
    public const CAPABILITY = 'mod/scorm:deleteresponses';

    /** How many learners are named before they are reset. */
    public const NAMED = 10;

    /**
     * Resets learners, each wholly or not at all.
     *
     * @param activity $activity
     * @param int[] $userids
     */
    public static function learners(activity $activity, array $userids): void {
        foreach ($userids as $userid) {
            self::learner($activity, $userid);
        }
    }

    /**
     * Resets a learner.
     *
     * @param activity $activity
     * @param int $userid
     */
    private static function learner(activity $activity, int $userid): void {
        global $CFG, $DB;
        require_once("{$CFG->dirroot}/mod/scorm/locallib.php");
        require_once("{$CFG->libdir}/completionlib.php");

        $scormid = (int) $activity->scorm->id;
        $transaction = $DB->start_delegated_transaction();
        // First of all, so that no commit that waits finds its launch afterwards.
        records::delete_for_users($scormid, [$userid]);
        $attempts = $DB->get_records('scorm_attempt', ['scormid' => $scormid, 'userid' => $userid], 'attempt');
        foreach ($attempts as $attempt) {
            scorm_delete_attempt($userid, $activity->scorm, $attempt);
        }
        if ($attempts === []) {
            // Deleting an attempt does this as well.
            scorm_update_grades($activity->scorm, $userid, true);
        }
        self::forget_completion($activity, $userid);
        progress_reset::of($scormid, $userid, array_map('intval', array_column($attempts, 'attempt')))->trigger();
        $transaction->allow_commit();
    }

    /**
     * Makes the activity one that the learner has not yet seen.
     *
     * @param activity $activity
     * @param int $userid
     */
    private static function forget_completion(activity $activity, int $userid): void {
        global $DB;

        $completion = new \completion_info($activity->course);
        if (!$completion->is_enabled($activity->cm)) {
            return;
        }
        $DB->delete_records('course_modules_viewed', ['coursemoduleid' => $activity->cm->id, 'userid' => $userid]);
        $current = $completion->get_data($activity->cm, false, $userid);
        if (empty($current->id)) {
            return;
        }
        $current->completionstate = COMPLETION_INCOMPLETE;
        $current->viewed = COMPLETION_NOT_VIEWED;
        $current->overrideby = null;
        $current->timemodified = time();
        $completion->internal_set_data($activity->cm, $current);
    }
}
