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

namespace local_externalscormbridge\backup;

/**
 * The element of a backup that holds the sealed values of an activity.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class sealed_tracks_element extends \backup_nested_element {
    /** @var int the activity, 0 for a backup without learners */
    private int $scormid = 0;

    /**
     * Says which activity is backed up with its learners.
     *
     * @param int $scormid
     */
    public function set_activity(int $scormid): void {
        $this->scormid = $scormid;
    }

    /**
     * What the element is filled from.
     *
     * @param \base_processor $processor
     * @return sealed_tracks
     */
    protected function get_iterator($processor) {
        return new sealed_tracks($this->scormid);
    }
}
