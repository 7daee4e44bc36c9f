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
 * Exports what learners did in a SCORM activity that plays a CDN package.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
use core\output\notification;
use local_externalscormbridge\event\report_exported;
use local_externalscormbridge\export\document;
use local_externalscormbridge\export\download;
use local_externalscormbridge\export\job;
use local_externalscormbridge\export\selection;
use local_externalscormbridge\form\export_form;
use local_externalscormbridge\output\export_status;
use local_externalscormbridge\report\activity;

// Asked for by activity::enter().
// phpcs:ignore moodle.Files.RequireLogin.Missing
require(__DIR__ . '/../../../config.php');
require_once("{$CFG->libdir}/filelib.php");

$activity = activity::enter(required_param('id', PARAM_INT));
$learner = optional_param('user', 0, PARAM_INT);
$selection = new selection($activity, $learner, optional_param('group', 0, PARAM_INT));
$selection->demand();
$url = $activity->url('export', $learner === 0 ? [] : ['user' => $learner]);
$PAGE->set_url($url);
$title = get_string('export', 'local_externalscormbridge');
$PAGE->set_title("{$title}: {$activity->cm->name}");
$PAGE->set_heading($activity->course->fullname);
$PAGE->activityheader->disable();

$export = optional_param('export', 0, PARAM_INT);
$do = optional_param('do', '', PARAM_ALPHA);
if ($export !== 0) {
    $job = download::job($activity, $export);
    if ($do !== '') {
        require_sesskey();
        match ($do) {
            'cancel' => $job->cancel(),
            'repeat' => $job->repeat(),
            default => null,
        };
        redirect($url);
    }
}

$form = new export_form($url, ['selection' => $selection]);
$request = $form->request();
if ($request !== null) {
    $request->selection->demand();
    $size = $request->selection->size();
    if ($size->attempts === 0) {
        redirect($url, get_string('export_nobody', 'local_externalscormbridge'), null, notification::NOTIFY_WARNING);
    }
    if (!$request->is_small($size)) {
        job::queue($request);
        redirect($url, get_string('export_queued', 'local_externalscormbridge'), null, notification::NOTIFY_SUCCESS);
    }
    \core\session\manager::write_close();
    $path = document::write($request);
    report_exported::of($request)->trigger();
    send_temp_file($path, basename($path));
}

echo $OUTPUT->header();
echo html_writer::tag('p', html_writer::link($activity->url('index'), get_string('report_back', 'local_externalscormbridge')));
echo $OUTPUT->heading($title);
$form->display();
echo $OUTPUT->render(new export_status($activity, job::of_user($activity)));
echo $OUTPUT->footer();
