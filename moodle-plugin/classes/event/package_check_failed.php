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
 * A package that an activity uses could not be found or read; the activity stays as it was.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
class package_check_failed extends package_event {
    /**
     * The event for a failed check.
     *
     * @param package $package
     * @param \Scormbridge\Exception $e
     * @return self
     */
    public static function of(package $package, \Scormbridge\Exception $e): self {
        return self::create([
            'context' => self::context_of($package->scormid),
            'objectid' => $package->scormid,
            'other' => ['reason' => $e->reason, 'manifesturl' => $package->manifesturl],
        ]);
    }

    /**
     * Name for people.
     *
     * @return string
     */
    public static function get_name() {
        return get_string('event_package_check_failed', 'local_externalscormbridge');
    }

    /**
     * Description for the log.
     *
     * @return string
     */
    public function get_description() {
        return "The package of the SCORM activity with id '{$this->objectid}' at '{$this->other['manifesturl']}' could not "
            . "be checked, with the reason '{$this->other['reason']}'.";
    }
}
