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

use local_externalscormbridge\report\activity;
use local_externalscormbridge\report\filter;
use local_externalscormbridge\report\outcome;
use local_externalscormbridge\report\reset;
use local_externalscormbridge\report\rows;
use local_externalscormbridge\table\live;

/**
 * The live report: what it can be narrowed by, its table, and what can be done with selected learners.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class live_report implements \core\output\named_templatable, \core\output\renderable {
    /** Rows on a page. */
    private const PAGE = 50;

    /**
     * Constructor.
     *
     * @param activity $activity
     * @param filter $filter
     */
    public function __construct(
        /** @var activity the activity */
        private readonly activity $activity,
        /** @var filter which rows */
        private readonly filter $filter
    ) {
    }

    /**
     * Its template.
     *
     * @param \core\output\renderer_base $renderer
     * @return string
     */
    public function get_template_name(\core\output\renderer_base $renderer): string {
        return 'local_externalscormbridge/live_report';
    }

    /**
     * What the template needs.
     *
     * @param \core\output\renderer_base $output
     * @return array
     */
    public function export_for_template(\core\output\renderer_base $output): array {
        global $PAGE;

        // Read before the rows: what changes in between is then seen at the next look.
        $stamp = (new rows($this->activity, $this->filter))->stamp();
        $arguments = ['scormbridge-live', (int) $this->activity->cm->id, $stamp];
        $PAGE->requires->js_call_amd('local_externalscormbridge/live', 'init', $arguments);
        ob_start();
        live::of($this->activity, $this->filter)->out(self::PAGE, false);
        $table = ob_get_clean();
        $statuses = [];
        foreach (outcome::NAMES as $name) {
            $statuses[] = [
                'value' => $name,
                'label' => get_string($name, 'mod_scorm'),
                'chosen' => $name === $this->filter->status,
            ];
        }
        $scoes = [];
        foreach ($this->activity->scoes() as $id => $title) {
            $scoes[] = ['value' => $id, 'label' => $title, 'chosen' => $id === $this->filter->sco];
        }
        return [
            'cmid' => $this->activity->cm->id,
            'action' => $this->activity->url('index')->out_omit_querystring(),
            'clear' => $this->filter->is_narrow() ? $this->activity->url('index')->out(false) : null,
            'group' => $this->filter->group,
            'name' => $this->filter->name,
            'playing' => $this->filter->playing,
            'statuses' => $statuses,
            'scoes' => $scoes,
            'severalscoes' => count($scoes) > 1,
            'table' => $table,
            'reset' => has_capability(reset::CAPABILITY, $this->activity->context)
                ? $this->activity->url('reset')->out_omit_querystring()
                : null,
            'export' => has_capability(learner_report::ANSWERS, $this->activity->context)
                ? $this->activity->url('export', array_filter(['group' => $this->filter->group]))->out(false)
                : null,
        ];
    }
}
