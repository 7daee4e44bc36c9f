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

/**
 * Finds updates of grades and completion that nobody sees to: the request that stored the tracks has died before it came
 * to them.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class retry_results extends \core\task\scheduled_task {
    /** Seconds after which a request is taken for dead. */
    private const DEAD = 5 * MINSECS;

    /**
     * Name for people.
     *
     * @return string
     */
    public function get_name() {
        return get_string('task_retry_results', 'local_externalscormbridge');
    }

    /**
     * Hands them to the task for one learner.
     */
    public function execute() {
        foreach (due::overdue(time() - self::DEAD) as $due) {
            update_results::queue($due);
        }
    }
}
