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

/**
 * A sealed value could not be opened: it was changed in the database, moved to another row, or its key is gone.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
class track_unreadable extends package_event {
    /**
     * The event for one value.
     *
     * @param int $scormid
     * @param int $userid
     * @param int $scoid
     * @param int $attempt
     * @param string $element
     * @param \Scormbridge\SealException $e
     * @return self
     */
    public static function of(
        int $scormid,
        int $userid,
        int $scoid,
        int $attempt,
        string $element,
        \Scormbridge\SealException $e
    ): self {
        return self::create([
            'context' => self::context_of($scormid),
            'objectid' => $scormid,
            'relateduserid' => $userid,
            'other' => ['reason' => $e->reason, 'scoid' => $scoid, 'attempt' => $attempt, 'element' => $element],
        ]);
    }

    /**
     * Fixed properties.
     */
    protected function init() {
        parent::init();
        $this->data['crud'] = 'r';
    }

    /**
     * Name for people.
     *
     * @return string
     */
    public static function get_name() {
        return get_string('event_track_unreadable', 'local_externalscormbridge');
    }

    /**
     * Description for the log.
     *
     * @return string
     */
    public function get_description() {
        return "The element '{$this->other['element']}' of attempt {$this->other['attempt']} at the SCO with id "
            . "'{$this->other['scoid']}' by the user with id '{$this->relateduserid}' could not be opened, with the reason "
            . "'{$this->other['reason']}'; it was left out.";
    }
}
