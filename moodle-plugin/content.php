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
 * Streams one file of a CDN package to the learner's browser.
 *
 * This page runs for every file of every launch, on Moodle's own host (sandboxed delivery) or on the content host. It
 * opens no session, no database and no file of the site except its options, and it believes nothing but the ticket in
 * the path. Only a refused ticket wakes Moodle, after the answer is sent, to be logged.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

define('NO_DEBUG_DISPLAY', true);
define('ABORT_AFTER_CONFIG', true);

// By the path that was asked for: the plugin's folder may be a symbolic link, and its real place has no config.php above.
require(dirname($_SERVER['SCRIPT_FILENAME'], 3) . '/config.php');
require_once(__DIR__ . '/classes/content_request.php');

$refused = \local_externalscormbridge\content_request::handle($CFG->dataroot, $_SERVER);
if ($refused === null) {
    exit;
}

define('NO_MOODLE_COOKIES', true);
define('NO_UPGRADE_CHECK', true);
define('ABORT_AFTER_CONFIG_CANCEL', true);
// Moodle redirects what comes to another host than its own, and this may have come to the content host.
$_SERVER['HTTP_HOST'] = preg_replace('~^\w+://([^/]+).*~', '$1', $CFG->wwwroot);
require("{$CFG->dirroot}/lib/setup.php");

\local_externalscormbridge\ticket_log::refused($refused);
