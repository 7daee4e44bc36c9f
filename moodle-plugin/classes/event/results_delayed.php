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

namespace local_externalscormbridge\event;

use local_externalscormbridge\results\due;

/**
 * A learner's tracks are stored, but gradebook or completion has not followed.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
class results_delayed extends package_event {
    /**
     * The event for one try that failed.
     *
     * @param due $due
     * @param string $error class of what was thrown; what it said may quote a learner
     * @return self
     */
    public static function of(due $due, string $error): self {
        return self::create([
            'context' => self::context_of($due->scormid),
            'objectid' => $due->scormid,
            'relateduserid' => $due->userid,
            'other' => ['tries' => $due->tries, 'error' => $error, 'final' => $due->is_given_up()],
        ]);
    }

    /**
     * Name for people.
     *
     * @return string
     */
    public static function get_name() {
        return get_string('event_results_delayed', 'local_externalscormbridge');
    }

    /**
     * Description for the log.
     *
     * @return string
     */
    public function get_description() {
        $next = $this->other['final'] ? 'it was given up' : 'it will be tried again';
        return "Grade and completion of the user with id '{$this->relateduserid}' could not be brought up to date "
            . "({$this->other['error']}, {$this->other['tries']} tries after the first); {$next}.";
    }
}
