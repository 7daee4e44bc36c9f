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

use local_externalscormbridge\package\package;

/**
 * Somebody has accepted a changed package.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
class package_accepted extends package_event {
    /**
     * The event for a package that was taken over.
     *
     * @param package $package
     * @return self
     */
    public static function of(package $package): self {
        return self::create([
            'context' => self::context_of($package->scormid),
            'objectid' => $package->scormid,
            'other' => ['manifesturl' => $package->manifesturl, 'manifesthash' => $package->manifesthash],
        ]);
    }

    /**
     * About teaching: learners go on with other parts.
     */
    protected function init() {
        parent::init();
        $this->data['edulevel'] = self::LEVEL_TEACHING;
    }

    /**
     * Name for people.
     *
     * @return string
     */
    public static function get_name() {
        return get_string('event_package_accepted', 'local_externalscormbridge');
    }

    /**
     * Description for the log.
     *
     * @return string
     */
    public function get_description() {
        return "The user with id '{$this->userid}' accepted the changed package of the SCORM activity with id "
            . "'{$this->objectid}' at '{$this->other['manifesturl']}'; its manifest has the SHA-256 "
            . "'{$this->other['manifesthash']}'.";
    }

    /**
     * The page about the package.
     *
     * @return \moodle_url
     */
    public function get_url() {
        return new \moodle_url('/local/externalscormbridge/package.php', ['id' => $this->contextinstanceid]);
    }
}
