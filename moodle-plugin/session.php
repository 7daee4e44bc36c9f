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
 * Says who is signed in, to the player of a learner whose session may have ended.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

define('NO_DEBUG_DISPLAY', true);
define('READ_ONLY_SESSION', true);

// Nobody is sent to a login page: that nobody is signed in is an answer.
// phpcs:ignore moodle.Files.RequireLogin.Missing
require(__DIR__ . '/../../config.php');

[$status, $answer] = \local_externalscormbridge\launch\session_status::answer(
    $_SERVER['REQUEST_METHOD'],
    $_SERVER['HTTP_SEC_FETCH_SITE'] ?? ''
);
if ($status !== 200) {
    // Asked while the learner signs in elsewhere, this must not take the place of the session that begins there.
    header_remove('Set-Cookie');
}
http_response_code($status);
header('Content-Type: application/json; charset=utf-8');
header('Cache-Control: private, no-store');
header('Cross-Origin-Resource-Policy: same-origin');
header('X-Content-Type-Options: nosniff');
echo json_encode((object) $answer, JSON_THROW_ON_ERROR);
