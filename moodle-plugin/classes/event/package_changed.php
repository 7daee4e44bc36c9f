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
 * The CDN holds another manifest than the activity follows.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
class package_changed extends package_event {
    /**
     * The event for a change that was just found.
     *
     * @param package $package as it was
     * @param string $hash SHA-256 of the new manifest
     * @param bool $waits whether somebody must accept it
     * @return self
     */
    public static function of(package $package, string $hash, bool $waits): self {
        return self::create([
            'context' => self::context_of($package->scormid),
            'objectid' => $package->scormid,
            'other' => ['oldhash' => $package->manifesthash, 'manifesthash' => $hash, 'waits' => $waits],
        ]);
    }

    /**
     * Name for people.
     *
     * @return string
     */
    public static function get_name() {
        return get_string('event_package_changed', 'local_externalscormbridge');
    }

    /**
     * Description for the log.
     *
     * @return string
     */
    public function get_description() {
        $done = $this->other['waits'] ? 'waits for somebody to accept it' : 'was taken over';
        return "The package of the SCORM activity with id '{$this->objectid}' has changed. The new manifest with the SHA-256 "
            . "'{$this->other['manifesthash']}' {$done}; that of the old one is '{$this->other['oldhash']}'.";
    }

    /**
     * The page where it can be reviewed.
     *
     * @return \moodle_url
     */
    public function get_url() {
        return new \moodle_url('/local/externalscormbridge/package.php', ['id' => $this->contextinstanceid]);
    }
}
