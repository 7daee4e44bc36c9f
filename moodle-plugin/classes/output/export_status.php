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

namespace local_externalscormbridge\output;

use local_externalscormbridge\config;
use local_externalscormbridge\export\download;
use local_externalscormbridge\export\job;
use local_externalscormbridge\report\activity;

/**
 * How far exports are, and what can be done with them.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class export_status implements \core\output\named_templatable, \core\output\renderable {
    /**
     * Constructor.
     *
     * @param activity $activity
     * @param job[] $jobs
     */
    public function __construct(
        /** @var activity the activity */
        private readonly activity $activity,
        /** @var job[] exports of the current user */
        private readonly array $jobs
    ) {
    }

    /**
     * Its template.
     *
     * @param \core\output\renderer_base $renderer
     * @return string
     */
    public function get_template_name(\core\output\renderer_base $renderer): string {
        return 'local_externalscormbridge/export_status';
    }

    /**
     * What the template needs.
     *
     * @param \core\output\renderer_base $output
     * @return array
     */
    public function export_for_template(\core\output\renderer_base $output): array {
        return [
            'action' => $this->activity->url('export')->out(false),
            'sesskey' => sesskey(),
            'hasexports' => $this->jobs !== [],
            'lifetime' => format_time((new config())->export_lifetime()),
            'exports' => array_map(fn(job $job): array => $this->export($job), $this->jobs),
        ];
    }

    /**
     * One of them.
     *
     * @param job $job
     * @return array
     */
    private function export(job $job): array {
        $request = $job->request($this->activity);
        $selection = $request->selection;
        $file = $job->status() === job::DONE ? $job->file() : null;
        $goeson = in_array($job->status(), [job::WAITING, job::RUNNING], true);
        $bar = $goeson ? $job->bar() : null;
        $format = get_string('strftimedatetimeshort', 'core_langconfig');
        return [
            'id' => $job->id(),
            'time' => userdate($job->time(), $format),
            'who' => match (true) {
                $selection->learner !== 0 => fullname(\core_user::get_user($selection->learner) ?: (object) []),
                $selection->group !== 0 => format_string((string) groups_get_group_name($selection->group)),
                default => get_string('export_all', config::COMPONENT),
            },
            'parts' => implode(', ', array_map(static fn($part): string => $part->label(), $request->parts)),
            'format' => get_string_manager()->string_exists('dataformat', "dataformat_{$request->format}")
                ? get_string('dataformat', "dataformat_{$request->format}")
                : $request->format,
            'status' => get_string("export_{$job->status()}", config::COMPONENT),
            'reason' => $job->reason(),
            'failed' => $job->status() === job::FAILED,
            'bar' => $bar?->get_content(),
            'barid' => $bar?->get_id(),
            'goeson' => $goeson,
            'url' => $file === null ? null : download::url($file)->out(false),
            'size' => $file === null ? null : display_size($file->get_filesize()),
        ];
    }
}
