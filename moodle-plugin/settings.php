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
 * Site settings of External SCORM Bridge.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

defined('MOODLE_INTERNAL') || die();

if ($hassiteconfig) {
    $settings = new admin_settingpage(
        'local_externalscormbridge',
        new lang_string('pluginname', 'local_externalscormbridge')
    );
    $ADMIN->add('localplugins', $settings);
    $ADMIN->add('localplugins', new admin_externalpage(
        'local_externalscormbridge_diagnose',
        new lang_string('diagnose_page', 'local_externalscormbridge'),
        new moodle_url('/local/externalscormbridge/diagnose.php')
    ));
    $ADMIN->add('localplugins', new admin_externalpage(
        'local_externalscormbridge_trial',
        new lang_string('trial_page', 'local_externalscormbridge'),
        new moodle_url('/local/externalscormbridge/trial.php')
    ));

    if ($ADMIN->fulltree) {
        \local_externalscormbridge\settings\page::fill($settings);
    }
}
