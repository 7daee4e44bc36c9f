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
 * External functions that the bridge controller in the learner's browser calls.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

defined('MOODLE_INTERNAL') || die();

$functions = [
    'local_externalscormbridge_launch' => [
        'classname' => \local_externalscormbridge\external\launch::class,
        'description' => 'Starts one SCO of a CDN package for the current user and answers what its player needs.',
        'type' => 'write',
        'ajax' => true,
        'capabilities' => '',
    ],
    'local_externalscormbridge_commit' => [
        'classname' => \local_externalscormbridge\external\commit::class,
        'description' => 'Replays journal entries of a launch on the stored attempt.',
        'type' => 'write',
        'ajax' => true,
        'capabilities' => 'mod/scorm:savetrack',
    ],
    'local_externalscormbridge_report' => [
        'classname' => \local_externalscormbridge\external\report::class,
        'description' => 'Records what the player refused, such as a message from a foreign frame.',
        'type' => 'write',
        'ajax' => true,
        'capabilities' => '',
    ],
    'local_externalscormbridge_report_stamp' => [
        'classname' => \local_externalscormbridge\external\report_stamp::class,
        'description' => 'Tells whether the rows of a live report have changed.',
        'type' => 'read',
        'ajax' => true,
        'readonlysession' => true,
        'capabilities' => 'mod/scorm:viewreport',
    ],
    'local_externalscormbridge_trial_begin' => [
        'classname' => \local_externalscormbridge\external\trial_begin::class,
        'description' => 'Checks a package and prepares to play it by every way of delivery, for an administrator.',
        'type' => 'write',
        'ajax' => true,
        'capabilities' => 'moodle/site:config',
    ],
    'local_externalscormbridge_trial_outcome' => [
        'classname' => \local_externalscormbridge\external\trial_outcome::class,
        'description' => 'Tells what has come of a package that an administrator tries.',
        'type' => 'read',
        'ajax' => true,
        'capabilities' => 'moodle/site:config',
    ],
];
