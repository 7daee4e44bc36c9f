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
 * The player in a learner's browser met trouble: content that does not answer, a commit that failed.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
class player_reported extends \core\event\base {
    /**
     * The event for one report by the current user's player.
     *
     * @param \context_module $context
     * @param launch $launch
     * @param string $code stable code
     * @return self
     */
    public static function of(\context_module $context, launch $launch, string $code): self {
        return self::create([
            'context' => $context,
            'other' => ['code' => $code, 'scoid' => $launch->scoid, 'delivery' => $launch->delivery],
        ]);
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
        return get_string('event_player_reported', 'local_externalscormbridge');
    }

    /**
     * Description for the log.
     *
     * @return string
     */
    public function get_description() {
        return "The player of the user with id '{$this->userid}' reported '{$this->other['code']}' for the SCO with id "
            . "'{$this->other['scoid']}', delivered as '{$this->other['delivery']}'.";
    }

    /**
     * How the SCO's id is mapped when logs are restored.
     *
     * @return array
     */
    public static function get_other_mapping() {
        return ['scoid' => ['db' => 'scorm_scoes', 'restore' => 'scorm_sco']];
    }
}
