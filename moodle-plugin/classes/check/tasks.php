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

namespace local_externalscormbridge\check;

use core\task\manager;
use local_externalscormbridge\config;
use local_externalscormbridge\diagnosis\check;
use local_externalscormbridge\diagnosis\finding;

/**
 * Whether the plugin's tasks run.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class tasks extends check {
    /** Seconds without any of the plugin's tasks after which cron is taken for dead. The most frequent runs every 5 minutes. */
    private const SILENCE = HOURSECS;

    /**
     * Looks.
     *
     * @return finding
     */
    protected function look(): finding {
        global $DB;

        $failing = [];
        $disabled = [];
        $last = 0;
        foreach (manager::load_scheduled_tasks_for_component(config::COMPONENT) as $task) {
            $last = max($last, (int) $task->get_last_run_time());
            if ($task->get_disabled()) {
                $disabled[] = $task->get_name();
            } else if ($task->get_fail_delay() > 0) {
                $failing[] = $task->get_name();
            }
        }
        $waiting = $DB->count_records_select('task_adhoc', 'component = ? AND faildelay > 0', [config::COMPONENT]);
        if ($last < time() - self::SILENCE) {
            $when = $last === 0 ? get_string('never') : userdate($last);
            return finding::error(self::text('tasks_dead', $when), self::text('tasks_dead_do'));
        }
        if ($failing !== []) {
            return finding::error(self::text('tasks_failing', implode(', ', $failing)), self::text('tasks_failing_do'));
        }
        if ($disabled !== []) {
            return finding::warning(self::text('tasks_disabled', implode(', ', $disabled)), self::text('tasks_disabled_do'));
        }
        if ($waiting > 0) {
            return finding::warning(self::text('tasks_waiting', $waiting), self::text('tasks_failing_do'));
        }
        return finding::ok(self::text('tasks_ok', userdate($last)));
    }

    /**
     * Where something can be done about it.
     *
     * @return \moodle_url
     */
    protected function place(): \moodle_url {
        return new \moodle_url('/admin/tool/task/scheduledtasks.php');
    }

    /**
     * What the place is called.
     *
     * @return string
     */
    protected function place_name(): string {
        return get_string('scheduledtasks', 'tool_task');
    }
}
