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

/**
 * The live report of a SCORM activity that plays a CDN package.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
use local_externalscormbridge\output\live_report;
use local_externalscormbridge\report\activity;
use local_externalscormbridge\report\filter;

// Asked for by activity::enter().
// phpcs:ignore moodle.Files.RequireLogin.Missing
require(__DIR__ . '/../../../config.php');

$activity = activity::enter(required_param('id', PARAM_INT));
$filter = filter::from_request($activity);
$PAGE->set_url($activity->url('index', $filter->to_params()));
$title = get_string('report', 'local_externalscormbridge');
$PAGE->set_title("{$title}: {$activity->cm->name}");
$PAGE->set_heading($activity->course->fullname);
$PAGE->activityheader->disable();

$report = new live_report($activity, $filter);
echo $OUTPUT->header();
echo $OUTPUT->heading($title);
groups_print_activity_menu($activity->cm, $activity->url('index', array_diff_key($filter->to_params(), ['group' => 0])));
echo $OUTPUT->render($report);
echo $OUTPUT->footer();
