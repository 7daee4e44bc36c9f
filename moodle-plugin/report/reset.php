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
 * Resets the progress of learners, after asking.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
use local_externalscormbridge\report\activity;
use local_externalscormbridge\report\reset;

// Asked for by activity::enter().
// phpcs:ignore moodle.Files.RequireLogin.Missing
require(__DIR__ . '/../../../config.php');

$activity = activity::enter(required_param('id', PARAM_INT));
$activity->demand(reset::CAPABILITY);
$everybody = optional_param('everybody', false, PARAM_BOOL);
$group = optional_param('group', 0, PARAM_INT);
$back = $activity->url('index');
$learners = $everybody
    ? $activity->learners_with_attempts($group)
    : $activity->visible(array_unique(optional_param_array('learners', [], PARAM_INT)));
$PAGE->set_url($activity->url('reset'));
$title = get_string('reset_title', 'local_externalscormbridge');
$PAGE->set_title($title);
$PAGE->set_heading($activity->course->fullname);
$PAGE->activityheader->disable();

if ($learners === []) {
    $nobody = get_string('reset_nobody', 'local_externalscormbridge');
    redirect($back, $nobody, null, \core\output\notification::NOTIFY_WARNING);
}
if (optional_param('confirm', false, PARAM_BOOL)) {
    require_sesskey();
    $count = count($learners);
    \core_php_time_limit::raise();
    reset::learners($activity, $learners);
    $done = get_string('reset_done', 'local_externalscormbridge', $count);
    redirect($back, $done, null, \core\output\notification::NOTIFY_SUCCESS);
}

$named = $DB->get_records_list('user', 'id', array_slice($learners, 0, reset::NAMED), 'lastname, firstname');
$names = array_map(static fn(\stdClass $user): string => fullname($user), array_values($named));
echo $OUTPUT->header();
echo $OUTPUT->render_from_template('local_externalscormbridge/reset', [
    'title' => $title,
    'action' => $activity->url('reset')->out(false),
    'cancel' => $back->out(false),
    'sesskey' => sesskey(),
    'count' => count($learners),
    'names' => $names,
    'more' => count($learners) - count($names),
    'everybody' => $everybody,
    'group' => $group,
    'learners' => $everybody ? [] : $learners,
]);
echo $OUTPUT->footer();
