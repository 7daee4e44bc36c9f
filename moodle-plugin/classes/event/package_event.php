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
 * Something about the package of an activity.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
abstract class package_event extends \core\event\base {
    /**
     * Fixed properties.
     */
    protected function init() {
        $this->data['crud'] = 'u';
        $this->data['edulevel'] = self::LEVEL_OTHER;
        $this->data['objecttable'] = 'scorm';
    }

    /**
     * The context of an activity; while it is being created, its course module already exists.
     *
     * @param int $scormid
     * @return \context_module
     */
    protected static function context_of(int $scormid): \context_module {
        $cm = get_coursemodule_from_instance('scorm', $scormid, 0, false, MUST_EXIST);
        return \context_module::instance($cm->id);
    }

    /**
     * The activity's page.
     *
     * @return \moodle_url
     */
    public function get_url() {
        return new \moodle_url('/mod/scorm/view.php', ['id' => $this->contextinstanceid]);
    }

    /**
     * How the activity's id is mapped when logs are restored.
     *
     * @return array
     */
    public static function get_objectid_mapping() {
        return ['db' => 'scorm', 'restore' => 'scorm'];
    }

    /**
     * Nothing else in it can be mapped.
     *
     * @return bool
     */
    public static function get_other_mapping() {
        return false;
    }
}
