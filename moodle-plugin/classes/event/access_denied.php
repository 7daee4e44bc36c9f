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
 * Somebody or something was refused: a learner who may not, a launch of another's, a message from a foreign frame.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
class access_denied extends \core\event\base {
    /**
     * The event for one refusal by the current user.
     *
     * @param \context $context
     * @param string $reason stable code
     * @param int|null $relateduserid whose data was asked for, if another's
     * @return self
     */
    public static function of(\context $context, string $reason, ?int $relateduserid = null): self {
        $data = ['context' => $context, 'other' => ['reason' => $reason]];
        if ($relateduserid !== null) {
            $data['relateduserid'] = $relateduserid;
        }
        return self::create($data);
    }

    /**
     * Fixed properties.
     */
    protected function init() {
        $this->data['crud'] = 'r';
        $this->data['edulevel'] = self::LEVEL_OTHER;
    }

    /**
     * Name for people.
     *
     * @return string
     */
    public static function get_name() {
        return get_string('event_access_denied', 'local_externalscormbridge');
    }

    /**
     * Description for the log.
     *
     * @return string
     */
    public function get_description() {
        return "The user with id '{$this->userid}' was refused with the reason '{$this->other['reason']}'.";
    }

    /**
     * What must be given.
     */
    protected function validate_data() {
        parent::validate_data();
        if (!isset($this->other['reason'])) {
            throw new \coding_exception('The reason of a refusal must be given.');
        }
    }

    /**
     * Nothing in it can be mapped when logs are restored.
     *
     * @return bool
     */
    public static function get_other_mapping() {
        return false;
    }
}
