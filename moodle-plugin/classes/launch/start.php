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

namespace local_externalscormbridge\launch;

/**
 * A SCO that has been started.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class start {
    /**
     * Constructor.
     *
     * @param \stdClass $sco the SCO that is played
     * @param delivery|null $delivery null for an asset, which needs no player
     * @param array $player what the player needs to know; for an asset its url
     */
    public function __construct(
        /** @var \stdClass the SCO that is played */
        public readonly \stdClass $sco,
        /** @var delivery|null null for an asset, which needs no player */
        public readonly ?delivery $delivery,
        /** @var array what the player needs to know; for an asset its url */
        public readonly array $player
    ) {
    }
}
