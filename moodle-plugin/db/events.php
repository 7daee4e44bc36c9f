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
 * What External SCORM Bridge listens to.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

defined('MOODLE_INTERNAL') || die();

$observers = [
    [
        'eventname' => \core\event\course_module_deleted::class,
        'callback' => [\local_externalscormbridge\observer::class, 'course_module_deleted'],
    ],
    [
        'eventname' => \core\event\course_content_deleted::class,
        'callback' => [\local_externalscormbridge\observer::class, 'course_content_deleted'],
    ],
    [
        'eventname' => \core\event\course_reset_ended::class,
        'callback' => [\local_externalscormbridge\observer::class, 'course_reset_ended'],
    ],
    [
        'eventname' => \core\event\user_deleted::class,
        'callback' => [\local_externalscormbridge\observer::class, 'user_deleted'],
    ],
    [
        'eventname' => \mod_scorm\event\attempt_deleted::class,
        'callback' => [\local_externalscormbridge\observer::class, 'attempt_deleted'],
    ],
];
