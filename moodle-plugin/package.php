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
 * The package that a SCORM activity plays: where it is, how it gets to learners, and what has become of it.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
use local_externalscormbridge\config;
use local_externalscormbridge\output\package_panel;
use local_externalscormbridge\package\refresher;
use local_externalscormbridge\report\activity;

// Asked for by activity::enter().
// phpcs:ignore moodle.Files.RequireLogin.Missing
require(__DIR__ . '/../../config.php');

$activity = activity::enter(required_param('id', PARAM_INT), package_panel::CAPABILITY);
$action = optional_param('action', '', PARAM_ALPHA);
$PAGE->set_url(package_panel::url($activity->cm->id));

if (data_submitted() && in_array($action, ['check', 'accept'], true)) {
    require_sesskey();
    // A slow CDN must not hold up the user's other pages.
    \core\session\manager::write_close();
    \core_php_time_limit::raise((new config())->probe_timeout() + MINSECS);
    if ($action === 'check') {
        $outcome = refresher::refresh($activity->package)->outcome;
    } else if (package_panel::asks_for_consent($activity) && !optional_param('consent', false, PARAM_BOOL)) {
        $outcome = package_panel::NO_CONSENT;
    } else {
        $reviewed = required_param('manifest', PARAM_ALPHANUM);
        $outcome = package_panel::after_acceptance(refresher::accept($activity->package, $reviewed)->outcome);
    }
    redirect(package_panel::url($activity->cm->id, $outcome));
}

$title = get_string('package', 'local_externalscormbridge');
$PAGE->set_title("{$title}: {$activity->cm->name}");
$PAGE->set_heading($activity->course->fullname);
$PAGE->activityheader->disable();
$PAGE->set_secondary_active_tab('local_externalscormbridge_package');
$PAGE->requires->js_call_amd('local_externalscormbridge/package', 'init', [package_panel::ELEMENT]);

$panel = new package_panel($activity, new config(), optional_param('outcome', '', PARAM_ALPHA));
echo $OUTPUT->header();
echo $OUTPUT->heading($title);
echo $OUTPUT->render($panel);
echo $OUTPUT->footer();
