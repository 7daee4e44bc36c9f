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

namespace local_externalscormbridge\report;

use local_externalscormbridge\history\batch;
use local_externalscormbridge\history\sco_attempt;
use local_externalscormbridge\history\store;

/**
 * The history of an attempt at a SCO as people read it: the latest batches, and in each what was set.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class timeline {
    /** Batches that are shown. */
    public const BATCHES = 50;

    /** Calls that are shown of a batch. */
    private const CALLS = 100;

    /** Characters of a value that are shown. */
    private const VALUE = 200;

    /**
     * The timeline of an attempt at a SCO, the latest first.
     *
     * @param sco_attempt $of
     * @return array calls (how many there are of all), batches: time, calls, merged, restarted, set (element, value), more
     * @throws \Scormbridge\SealException if a row was tampered with or its key is gone
     * @throws \UnexpectedValueException if a row is missing a part
     */
    public static function of(sco_attempt $of): array {
        $batches = [];
        $calls = 0;
        foreach (store::read($of) as $batch) {
            $calls += count($batch->entries);
            $batches[] = $batch;
            if (count($batches) > self::BATCHES) {
                array_shift($batches);
            }
        }
        return ['calls' => $calls, 'batches' => array_map(self::describe(...), array_reverse($batches))];
    }

    /**
     * One batch.
     *
     * @param batch $batch
     * @return array
     */
    private static function describe(batch $batch): array {
        $entries = $batch->entries;
        $set = array_values(array_filter($entries, static fn(array $entry): bool => $entry['op'] === 'set'));
        $last = end($entries);
        return [
            'time' => $last === false ? null : intdiv((int) $last['at'], 1000),
            'calls' => count($entries),
            'merged' => $batch->merged,
            'restarted' => $batch->cleared !== [],
            'finished' => array_filter($entries, static fn(array $entry): bool => $entry['op'] === 'terminate') !== [],
            'set' => array_map(static fn(array $entry): array => [
                'element' => $entry['element'],
                'value' => shorten_text(s($entry['value']), self::VALUE),
            ], array_slice($set, 0, self::CALLS)),
            'more' => max(0, count($set) - self::CALLS),
        ];
    }
}
