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

use local_externalscormbridge\config;

/**
 * How long a launch may go on, where the site sets a limit.
 *
 * The player keeps the limit itself. The server refuses what was done after it, and never what was done before and comes
 * late, from a learner who was offline: the SCO was told that it is saved. So an entry is late only if both the server's
 * clock says that the time is over, and the learner's own clock, between the first entry and this one, does. Either of
 * them may be set forward or back in between; neither alone costs a learner anything.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class session_limit {
    /** Seconds beyond the limit for the last calls of a SCO that is told to stop, and for their way to the server. */
    private const GRACE = 60;

    /**
     * A batch without the entries that were made too late.
     *
     * @param launch $launch
     * @param string $entries JSON array
     * @param int $now
     * @return array{string, bool} the batch, and whether something was left out
     */
    public static function cut(launch $launch, string $entries, int $now): array {
        $limit = (new config())->session_timeout();
        if ($limit === 0 || $now <= $launch->timecreated + $limit + self::GRACE) {
            return [$entries, false];
        }
        $batch = json_decode($entries, true);
        if (!is_array($batch) || !array_is_list($batch) || $batch === []) {
            // Nothing, or nothing to read: not for this class to judge.
            return [$entries, false];
        }
        $began = $launch->clock ?? self::time_of($batch[0]);
        foreach ($batch as $index => $entry) {
            if (
                self::number_of($entry) > $launch->lastseq
                && self::time_of($entry) - $began > ($limit + self::GRACE) * 1000
            ) {
                $kept = array_slice($batch, 0, $index);
                return [json_encode($kept, JSON_THROW_ON_ERROR | JSON_UNESCAPED_UNICODE), true];
            }
        }
        return [$entries, false];
    }

    /**
     * When an entry was made, by the learner's clock.
     *
     * @param mixed $entry
     * @return int milliseconds
     */
    private static function time_of(mixed $entry): int {
        return is_array($entry) && is_int($entry['at'] ?? null) ? $entry['at'] : 0;
    }

    /**
     * The number of an entry.
     *
     * @param mixed $entry
     * @return int
     */
    private static function number_of(mixed $entry): int {
        return is_array($entry) && is_int($entry['seq'] ?? null) ? $entry['seq'] : 0;
    }
}
