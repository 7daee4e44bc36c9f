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

/**
 * Judges a batch that comes after a newer launch of the same SCO has reported.
 *
 * It is judged on what is stored, like any other, but for one thing: in SCORM 2004 a launch that did not resume begins its
 * total time from nothing. That must not wipe out the newer launch's, so the two add up, as they do in SCORM 1.2.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class late {
    /** Element of SCORM 2004. */
    private const TOTAL = 'cmi.total_time';

    /** What a SCO reports for its time to count. */
    private const END = '[{"seq":1,"op":"terminate","at":0}]';

    /**
     * Replays.
     *
     * @param array $context of the data model
     * @param array<string, string> $stored
     * @param array $session
     * @param string $entries
     * @return array as the data model answers
     * @throws \Scormbridge\DataModelException if it does not take the batch
     */
    public static function replay(array $context, array $stored, array $session, string $entries): array {
        $total = $stored[self::TOTAL] ?? null;
        if ($total === null || !self::begins_from_nothing($stored, $session)) {
            return \Scormbridge\DataModel::replay($context, $stored, $session, $entries);
        }
        unset($stored[self::TOTAL]);
        $replay = \Scormbridge\DataModel::replay($context, $stored, $session, $entries);
        $rows = [];
        foreach ($replay['rows'] as $row) {
            array_push($rows, ...($row['element'] === self::TOTAL ? self::sum($context, $total, $row['value']) : [$row]));
        }
        $replay['rows'] = $rows;
        return $replay;
    }

    /**
     * Whether a launch does not go on from the total time that is stored.
     *
     * @param array<string, string> $stored
     * @param array $session
     * @return bool
     */
    private static function begins_from_nothing(array $stored, array $session): bool {
        return $session['status'] === 'ready'
            ? ($stored['cmi.exit'] ?? '') !== 'suspend'
            : in_array(self::TOTAL, $session['carry']['stale'] ?? [], true);
    }

    /**
     * Two times as one. The data model can add.
     *
     * @param array $context
     * @param string $total
     * @param string $more
     * @return array[] the row, or none if nothing was added
     */
    private static function sum(array $context, string $total, string $more): array {
        $session = ['last_seq' => 0, 'status' => 'running', 'carry' => ['session_time' => $more]];
        $rows = \Scormbridge\DataModel::replay($context, [self::TOTAL => $total], $session, self::END)['rows'];
        return array_values(array_filter($rows, static fn(array $row): bool => $row['element'] === self::TOTAL));
    }
}
