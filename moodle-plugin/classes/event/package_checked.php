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
 * A package was found on its CDN and stored.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
class package_checked extends package_event {
    /**
     * The event for a stored package.
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
     * Name for people.
     *
     * @return string
     */
    public static function get_name() {
        return get_string('event_package_checked', 'local_externalscormbridge');
    }

    /**
     * Description for the log.
     *
     * @return string
     */
    public function get_description() {
        return "The package of the SCORM activity with id '{$this->objectid}' was found at '{$this->other['manifesturl']}' "
            . "and stored; its manifest has the SHA-256 '{$this->other['manifesthash']}'.";
    }
}
