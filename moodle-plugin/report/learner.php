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
 * One learner in a SCORM activity that plays a CDN package: attempts, answers, history.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
use local_externalscormbridge\output\learner_report;
use local_externalscormbridge\report\activity;

// Asked for by activity::enter().
// phpcs:ignore moodle.Files.RequireLogin.Missing
require(__DIR__ . '/../../../config.php');

$activity = activity::enter(required_param('id', PARAM_INT));
$userid = required_param('user', PARAM_INT);
$attempt = optional_param('attempt', 0, PARAM_INT);
$activity->demand_learner($userid);
$learner = \core_user::get_user($userid, '*', MUST_EXIST);
$PAGE->set_url($activity->url('learner', ['user' => $userid] + ($attempt === 0 ? [] : ['attempt' => $attempt])));
$PAGE->set_title(fullname($learner) . ": {$activity->cm->name}");
$PAGE->set_heading($activity->course->fullname);
$PAGE->activityheader->disable();

$report = new learner_report($activity, $learner, $attempt);
echo $OUTPUT->header();
echo $OUTPUT->render($report);
echo $OUTPUT->footer();
