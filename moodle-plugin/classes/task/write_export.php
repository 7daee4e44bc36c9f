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

use local_externalscormbridge\event\report_exported;
use local_externalscormbridge\export\document;
use local_externalscormbridge\export\ended;
use local_externalscormbridge\export\job;
use local_externalscormbridge\export\notice;
use local_externalscormbridge\report\activity;

/**
 * Makes an export that is too large to be waited for, as whoever asked for it and with their rights.
 *
 * It never runs again by itself: an export that failed says so, and whoever wants it can repeat it.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class write_export extends \core\task\adhoc_task {
    /** Seconds between two looks at whether it is still wanted. */
    private const INTERVAL = 1;

    /**
     * Queues it.
     *
     * @param job $job
     */
    public static function queue(job $job): void {
        $task = new self();
        $task->set_custom_data(['id' => $job->id()]);
        $task->set_userid($job->userid());
        \core\task\manager::queue_adhoc_task($task, true);
    }

    /**
     * Name for people.
     *
     * @return string
     */
    public function get_name() {
        return get_string('task_write_export', 'local_externalscormbridge');
    }

    /**
     * Makes it.
     */
    public function execute() {
        $job = job::find((int) $this->get_custom_data()->id);
        if ($job === null || !in_array($job->status(), [job::WAITING, job::RUNNING], true)) {
            mtrace('... not wanted any more');
            return;
        }
        $cm = get_coursemodule_from_instance('scorm', $job->scormid(), 0, false, MUST_EXIST);
        $activity = activity::of((int) $cm->id);
        try {
            if ($job->status() === job::RUNNING) {
                // The process that made it has died, and would again.
                throw new \moodle_exception('export_interrupted', 'local_externalscormbridge');
            }
            $this->make($job, $activity);
        } catch (ended $e) {
            mtrace('... cancelled');
            return;
        } catch (\Throwable $e) {
            mtrace_exception($e);
            $job->fail($e->getMessage());
        }
        notice::send($job, $activity);
    }

    /**
     * Makes it.
     *
     * @param job $job
     * @param activity $activity
     */
    private function make(job $job, activity $activity): void {
        if (!can_access_course($activity->course, null, '', true)) {
            throw new \moodle_exception('error_not_enrolled', 'local_externalscormbridge');
        }
        $request = $job->request($activity);
        $request->selection->demand();
        $job->run($request->selection);
        $last = 0;
        $path = document::write($request, static function (int $done, int $total) use ($job, &$last): void {
            if (time() >= $last + self::INTERVAL) {
                $last = time();
                $job->advance($done, $total);
            }
        });
        $job->finish($path, $activity->context);
        report_exported::of($request)->trigger();
        mtrace('... done');
    }
}
