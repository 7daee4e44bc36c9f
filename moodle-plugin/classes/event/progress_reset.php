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
 * Somebody has reset a learner's progress.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
class progress_reset extends package_event {
    /**
     * The event for one learner.
     *
     * @param int $scormid
     * @param int $userid
     * @param int[] $attempts numbers of the attempts that are gone
     * @return self
     */
    public static function of(int $scormid, int $userid, array $attempts): self {
        return self::create([
            'context' => self::context_of($scormid),
            'objectid' => $scormid,
            'relateduserid' => $userid,
            'other' => ['attempts' => $attempts],
        ]);
    }

    /**
     * Deletes, and is about teaching.
     */
    protected function init() {
        parent::init();
        $this->data['crud'] = 'd';
        $this->data['edulevel'] = self::LEVEL_TEACHING;
    }

    /**
     * Name for people.
     *
     * @return string
     */
    public static function get_name() {
        return get_string('event_progress_reset', 'local_externalscormbridge');
    }

    /**
     * Description for the log.
     *
     * @return string
     */
    public function get_description() {
        $attempts = $this->other['attempts'] === [] ? 'none' : implode(', ', $this->other['attempts']);
        return "The user with id '{$this->userid}' reset the progress of the user with id '{$this->relateduserid}'. "
            . "Attempts deleted: {$attempts}.";
    }
}
