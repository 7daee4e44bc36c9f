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

namespace local_externalscormbridge\external;

use core_external\external_api;
use local_externalscormbridge\event\access_denied;
use local_externalscormbridge\launch\refused;

/**
 * The way into an activity for a user who is signed in.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class door {
    /**
     * Lets the current user in. Moodle has one code for all whom it keeps out; to a player it means that the session is
     * over, and whoever is signed in would be asked to sign in again.
     *
     * @param \context_module $context
     * @throws refused if the user is not enrolled, or the activity is hidden or restricted; it is logged
     */
    public static function enter(\context_module $context): void {
        try {
            external_api::validate_context($context);
        } catch (\require_login_exception $e) {
            $refused = new refused(is_enrolled($context, null, '', true) ? 'not_available' : 'not_enrolled');
            access_denied::of($context, $refused->reason)->trigger();
            throw $refused;
        }
    }
}
