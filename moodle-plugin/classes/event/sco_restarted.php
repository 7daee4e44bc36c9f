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

use local_externalscormbridge\launch\launch;

/**
 * A learner has begun a SCO anew whose stored state could not be read any more.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
class sco_restarted extends package_event {
    /** Elements that are named. */
    private const NAMED = 20;

    /**
     * The event for one SCO.
     *
     * @param launch $launch
     * @param string[] $unreadable elements
     * @return self
     */
    public static function of(launch $launch, array $unreadable): self {
        return self::create([
            'context' => self::context_of($launch->scormid),
            'objectid' => $launch->scormid,
            'relateduserid' => $launch->userid,
            'other' => [
                'scoid' => $launch->scoid,
                'attempt' => $launch->attempt,
                'elements' => array_slice($unreadable, 0, self::NAMED),
            ],
        ]);
    }

    /**
     * Name for people.
     *
     * @return string
     */
    public static function get_name() {
        return get_string('event_sco_restarted', 'local_externalscormbridge');
    }

    /**
     * Description for the log.
     *
     * @return string
     */
    public function get_description() {
        return "The user with id '{$this->relateduserid}' began the SCO with id '{$this->other['scoid']}' anew in attempt "
            . "{$this->other['attempt']}. What could not be read was kept: " . implode(', ', $this->other['elements']) . '.';
    }
}
