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

namespace local_externalscormbridge\table;

defined('MOODLE_INTERNAL') || die();

use core_table\dynamic;
use core_table\local\filter\filterset;
use local_externalscormbridge\report\activity;
use local_externalscormbridge\report\filter;
use local_externalscormbridge\report\rows;

global $CFG;
require_once("{$CFG->libdir}/tablelib.php");

/**
 * The table of the live report. It can be loaded anew without the page.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class live extends \table_sql implements dynamic {
    /** Most rows on a page. */
    private const PAGE = 500;

    /** @var activity the activity */
    private activity $activity;

    /** @var filter which rows */
    private filter $filter;

    /** @var bool whether rows can be selected, which is to say that somebody's progress may be reset */
    private bool $selectable;

    /**
     * The table for an activity.
     *
     * @param activity $activity
     * @param filter $filter
     * @return self
     */
    public static function of(activity $activity, filter $filter): self {
        $set = new live_filterset();
        $set->add_filter(new \core_table\local\filter\integer_filter('cmid', null, [(int) $activity->cm->id]));
        $filter->to_set($set);
        $table = new self("local_externalscormbridge-live-{$activity->cm->id}");
        $table->set_filterset($set);
        return $table;
    }

    /**
     * Takes what the table is about.
     *
     * @param filterset $filterset
     */
    public function set_filterset(filterset $filterset): void {
        $this->activity = activity::of((int) $filterset->get_filter('cmid')->current());
        $this->filter = filter::from_set($filterset);
        $this->selectable = has_capability('mod/scorm:deleteresponses', $this->activity->context);
        parent::set_filterset($filterset);
    }

    /**
     * Where it is.
     *
     * @return \context
     */
    public function get_context(): \context {
        return $this->activity->context;
    }

    /**
     * Whether the current user may see it.
     *
     * @return bool
     */
    public function has_capability(): bool {
        return $this->activity->allows(activity::CAPABILITY);
    }

    /**
     * The page that it is on.
     */
    public function guess_base_url(): void {
        $this->define_baseurl($this->activity->url('index', $this->filter->to_params()));
    }

    /**
     * Writes the table.
     *
     * @param int $pagesize
     * @param bool $useinitialsbar
     * @param string $downloadhelpbutton
     */
    public function out($pagesize, $useinitialsbar, $downloadhelpbutton = '') {
        global $OUTPUT;

        $columns = [];
        if ($this->selectable) {
            $columns['learner'] = $OUTPUT->render(new \core\output\checkbox_toggleall('scormbridge-learners', true, [
                'id' => 'scormbridge-all',
                'name' => 'all',
                'label' => get_string('selectall'),
                'labelclasses' => 'accesshide',
            ]));
        }
        $columns += ['fullname' => get_string('fullname')];
        foreach (['attempt', 'sco', 'status', 'score', 'progress', 'time', 'lastactive'] as $name) {
            $columns[$name] = get_string("report_{$name}", 'local_externalscormbridge');
        }
        $this->define_columns(array_keys($columns));
        $this->define_headers(array_values($columns));
        $this->define_header_column('fullname');
        $this->sortable(true, 'lastactive', SORT_DESC);
        foreach (['learner', 'progress', 'time'] as $name) {
            $this->no_sorting($name);
        }
        $this->collapsible(false);
        $this->set_attribute('class', 'generaltable generalbox');
        parent::out($pagesize, $useinitialsbar, $downloadhelpbutton);
    }

    /**
     * Reads one page.
     *
     * @param int $pagesize
     * @param bool $useinitialsbar
     */
    public function query_db($pagesize, $useinitialsbar = true) {
        $rows = new rows($this->activity, $this->filter);
        $this->pagesize(min($pagesize, self::PAGE), $rows->count());
        $this->rawdata = $rows->page($this->get_sort_columns(), $this->get_page_start(), $this->get_page_size());
    }

    /**
     * Selects a learner. There is one for each row; all of a learner mean the same.
     *
     * @param \stdClass $row
     * @return string
     */
    public function col_learner($row): string {
        global $OUTPUT;

        return $OUTPUT->render(new \core\output\checkbox_toggleall('scormbridge-learners', false, [
            'id' => "scormbridge-{$row->rowid}",
            'name' => 'learners[]',
            'value' => $row->userid,
            'label' => get_string('selectitem', 'moodle', fullname($row)),
            'labelclasses' => 'accesshide',
        ]));
    }

    /**
     * The learner, leading to everything about them.
     *
     * @param \stdClass $row
     * @return string
     */
    public function col_fullname($row): string {
        $url = $this->activity->url('learner', ['user' => $row->userid, 'attempt' => $row->attempt]);
        return \html_writer::link($url, fullname($row), ['data-row' => $row->rowid]);
    }

    /**
     * The part.
     *
     * @param \stdClass $row
     * @return string
     */
    public function col_sco($row): string {
        return format_string($row->title, true, ['context' => $this->activity->context]);
    }

    /**
     * The status, and whether gradebook and completion know of it.
     *
     * @param \stdClass $row
     * @return string
     */
    public function col_status($row): string {
        $status = get_string($row->outcome->status(), 'mod_scorm');
        if ($row->due === null) {
            return $status;
        }
        $say = get_string('report_due', 'local_externalscormbridge', $row->due->tries);
        return $status . ' ' . \html_writer::span($say, 'badge bg-warning text-dark', ['title' => (string) $row->due->lasterror]);
    }

    /**
     * The score.
     *
     * @param \stdClass $row
     * @return string
     */
    public function col_score($row): string {
        return $row->outcome->score();
    }

    /**
     * How far.
     *
     * @param \stdClass $row
     * @return string
     */
    public function col_progress($row): string {
        return $row->outcome->progress();
    }

    /**
     * How long.
     *
     * @param \stdClass $row
     * @return string
     */
    public function col_time($row): string {
        return $row->outcome->time();
    }

    /**
     * When something was last heard, and whether the learner is there now.
     *
     * @param \stdClass $row
     * @return string
     */
    public function col_lastactive($row): string {
        if ($row->lastactive === 0) {
            return get_string('never');
        }
        $time = userdate($row->lastactive, get_string('strftimedatetimeshortaccurate', 'core_langconfig'));
        $time = \html_writer::tag('time', $time, ['datetime' => date(DATE_ATOM, $row->lastactive)]);
        if (!$row->playing) {
            return $time;
        }
        $now = get_string('report_playing', 'local_externalscormbridge');
        return $time . ' ' . \html_writer::span($now, 'badge bg-success text-white');
    }

    /**
     * What is said where there are no rows.
     */
    public function print_nothing_to_display() {
        $key = $this->filter->is_narrow() ? 'report_nomatch' : 'report_nobody';
        echo $this->get_dynamic_table_html_start();
        echo \html_writer::div(get_string($key, 'local_externalscormbridge'), 'alert alert-info');
        echo $this->get_dynamic_table_html_end();
    }
}
