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
 * Takes what a SCO did while its page was taken away.
 *
 * Sent by the relay, from another origin, as a request that outlives its page: no cookies, no session, and nothing in the
 * answer. The ticket in the body is all that counts.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

define('NO_DEBUG_DISPLAY', true);
define('NO_MOODLE_COOKIES', true);

require(__DIR__ . '/../../config.php');

// The page that sent it is gone already.
ignore_user_abort(true);
header('Cache-Control: no-store');
header('Content-Type: text/plain; charset=utf-8');
header('X-Content-Type-Options: nosniff');

if (!empty($CFG->maintenance_enabled) || moodle_needs_upgrading()) {
    http_response_code(503);
    exit;
}
$body = (string) file_get_contents('php://input', false, null, 0, \local_externalscormbridge\launch\beacon::MAX_BYTES + 1);
try {
    http_response_code(\local_externalscormbridge\launch\beacon::answer($_SERVER['REQUEST_METHOD'], $body, time()));
} catch (\Throwable $e) {
    // A page about the error would tell whoever sent this what it is none of their business to know.
    abort_all_db_transactions();
    debugging('A beacon failed: ' . $e->getMessage());
    http_response_code(503);
}
