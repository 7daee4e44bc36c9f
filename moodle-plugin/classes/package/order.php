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

namespace local_externalscormbridge\package;

/**
 * What has changed its place in a list.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class order {
    /**
     * The fewest items that must have been moved to make one order of the other.
     *
     * @param int[] $before items, each once
     * @param int[] $after the same items
     * @return int[] those that moved
     */
    public static function moved(array $before, array $after): array {
        // What keeps its order is the longest ascending sequence of the old places, read in the new order.
        $places = array_flip($before);
        $ends = [];
        $previous = [];
        foreach ($after as $item) {
            $low = 0;
            $high = count($ends);
            while ($low < $high) {
                $middle = intdiv($low + $high, 2);
                if ($places[$ends[$middle]] < $places[$item]) {
                    $low = $middle + 1;
                } else {
                    $high = $middle;
                }
            }
            $previous[$item] = $low === 0 ? null : $ends[$low - 1];
            $ends[$low] = $item;
        }
        $kept = [];
        for ($item = $ends === [] ? null : end($ends); $item !== null; $item = $previous[$item]) {
            $kept[] = $item;
        }
        return array_values(array_diff($after, $kept));
    }
}
