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

use local_externalscormbridge\config;
use local_externalscormbridge\export\job;
use local_externalscormbridge\history\store as history;
use local_externalscormbridge\launch\store;

/**
 * Forgets history and exports that are too old, and launches that nobody uses any more and no history speaks of.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class delete_old_launches extends \core\task\scheduled_task {
    /**
     * Name for people.
     *
     * @return string
     */
    public function get_name() {
        return get_string('task_delete_old_launches', 'local_externalscormbridge');
    }

    /**
     * Deletes.
     */
    public function execute() {
        $config = new config();
        if ($config->history_lifetime() > 0) {
            $deleted = history::delete_old(time() - $config->history_lifetime());
            if ($deleted > 0) {
                mtrace("... history of {$deleted} attempts deleted");
            }
        }
        store::delete_unused(time() - $config->launch_lifetime());
        $deleted = job::delete('timemodified < ?', [time() - $config->export_lifetime()]);
        if ($deleted > 0) {
            mtrace("... {$deleted} exports deleted");
        }
    }
}
