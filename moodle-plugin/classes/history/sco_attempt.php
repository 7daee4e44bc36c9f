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

namespace local_externalscormbridge\history;

use local_externalscormbridge\launch\launch;

/**
 * Names one attempt of one learner at one SCO: what a history is kept of.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class sco_attempt {
    /**
     * Constructor.
     *
     * @param int $scormid
     * @param int $userid
     * @param int $scoid
     * @param int $attempt
     */
    public function __construct(
        /** @var int the activity */
        public readonly int $scormid,
        /** @var int the learner */
        public readonly int $userid,
        /** @var int the SCO */
        public readonly int $scoid,
        /** @var int the attempt's number */
        public readonly int $attempt
    ) {
    }

    /**
     * What a launch is an attempt at.
     *
     * @param launch $launch
     * @return self
     */
    public static function of(launch $launch): self {
        return new self($launch->scormid, $launch->userid, $launch->scoid, $launch->attempt);
    }

    /**
     * Conditions that find its rows.
     *
     * @return array<string, int>
     */
    public function conditions(): array {
        return [
            'scormid' => $this->scormid,
            'userid' => $this->userid,
            'scoid' => $this->scoid,
            'attempt' => $this->attempt,
        ];
    }
}
