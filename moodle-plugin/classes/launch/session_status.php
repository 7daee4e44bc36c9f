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

namespace local_externalscormbridge\launch;

use local_externalscormbridge\ticket_log;

/**
 * Who is signed in, for a player whose commit was refused for the session's sake.
 *
 * It tells a browser nothing but the owner's tag and the session key of its own session, and other sites nothing at all.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class session_status {
    /** Values of Sec-Fetch-Site that the player's own request has; browsers that know none send nothing. */
    private const OWN_REQUESTS = ['', 'same-origin'];

    /**
     * Answers a request.
     *
     * @param string $method
     * @param string $fetchsite header Sec-Fetch-Site
     * @return array{int, array<string, string>} status and body
     */
    public static function answer(string $method, string $fetchsite): array {
        global $USER;

        if ($method !== 'GET') {
            ticket_log::refused('session_method');
            return [405, []];
        }
        if (!in_array($fetchsite, self::OWN_REQUESTS, true)) {
            ticket_log::refused('session_foreign');
            return [403, []];
        }
        if (!owner::is_somebody()) {
            ticket_log::refused('not_signed_in');
            return [401, []];
        }
        return [200, ['owner' => owner::tag((int) $USER->id), 'sesskey' => sesskey()]];
    }
}
