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

namespace local_externalscormbridge\task;

use local_externalscormbridge\results\due;
use local_externalscormbridge\results\notice;
use local_externalscormbridge\results\updater;

/**
 * Brings one learner's grade and completion up to date when the player could not.
 *
 * Moodle runs a task that fails again, later each time. After some tries those who teach are told instead.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class update_results extends \core\task\adhoc_task {
    /** Seconds that the player has for its own tries. */
    private const PATIENCE = 60;

    /**
     * Sees to it that the task runs, once.
     *
     * @param due $due
     */
    public static function queue(due $due): void {
        $task = new self();
        $task->set_custom_data(['scormid' => $due->scormid, 'userid' => $due->userid]);
        $task->set_next_run_time(time() + self::PATIENCE);
        \core\task\manager::queue_adhoc_task($task, true);
    }

    /**
     * Tries.
     */
    public function execute() {
        global $DB;

        $data = $this->get_custom_data();
        $scorm = $DB->get_record('scorm', ['id' => $data->scormid]);
        $due = due::find((int) $data->scormid, (int) $data->userid);
        if (!$scorm || $due === null || $due->is_given_up()) {
            return;
        }
        $due = updater::retry($scorm, $due);
        if ($due === null) {
            mtrace('... done');
            return;
        }
        if ($due->is_given_up()) {
            mtrace('... failed for good; told ' . notice::send($scorm, $due->userid));
            return;
        }
        throw new \moodle_exception('error_results_due', 'local_externalscormbridge');
    }
}
