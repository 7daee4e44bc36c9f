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

namespace local_externalscormbridge;

use local_externalscormbridge\event\access_denied;

/**
 * Logs refusals of requests that anybody can send as often as they like.
 *
 * Bad tickets are the most of them: a window that was open for too long sends one for each of its files. Of one reason
 * from one user at one address, one a minute is logged.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class ticket_log {
    /**
     * Logs one refusal, unless the same was logged a moment ago.
     *
     * @param string $reason stable code
     */
    public static function refused(string $reason): void {
        global $USER;

        $cache = \cache::make(config::COMPONENT, 'refusals');
        $key = sha1(getremoteaddr() . " {$USER->id} {$reason}");
        if ($cache->get($key) !== false) {
            return;
        }
        $cache->set($key, 1);
        access_denied::of(\context_system::instance(), $reason)->trigger();
    }
}
