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
use local_externalscormbridge\launch\store;

/**
 * Forgets launches that nobody uses any more.
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
        store::delete_unused(time() - (new config())->launch_lifetime());
    }
}
