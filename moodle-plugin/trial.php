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
 * Plays a package by one way of delivery, in a frame of the page "Try it".
 *
 * Without a trial in its address it is that page itself; it also hands out the sample package.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

use local_externalscormbridge\output\stage_page;
use local_externalscormbridge\trial\sample;
use local_externalscormbridge\trial\trial;

// Asked for by admin_externalpage_setup(), or below.
// phpcs:ignore moodle.Files.RequireLogin.Missing
require(__DIR__ . '/../../config.php');
require_once("{$CFG->libdir}/adminlib.php");

$token = optional_param('trial', '', PARAM_ALPHANUM);
if ($token !== '') {
    require_login(null, false);
    $PAGE->set_context(context_system::instance());
    require_capability(trial::CAPABILITY, context_system::instance());
    $page = new stage_page();
    $trial = trial::find($token);
    if ($trial === null) {
        $page->send_refusal(get_string('error_launch_unknown', 'local_externalscormbridge'), qualified_me());
    } else {
        $page->send($trial->start());
    }
    exit;
}

admin_externalpage_setup('local_externalscormbridge_trial');
if (optional_param('sample', false, PARAM_BOOL)) {
    send_temp_file(sample::zip(), 'scormbridge-sample.zip');
}
echo $OUTPUT->header();
echo $OUTPUT->heading(get_string('trial', 'local_externalscormbridge'));
echo $OUTPUT->render(new \local_externalscormbridge\output\trial());
echo $OUTPUT->footer();
