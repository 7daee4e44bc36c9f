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
 * What launches were accepted to have called, so that what comes late from an older one does not replace it.
 *
 * Which parts of an attempt that makes theirs is the data model's to say ({@see \Scormbridge\DataModel::replayLate()}).
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class written {
    /** @var array<string, array> calls, each once */
    private array $calls = [];

    /** @var bool whether it cannot be known what was called */
    private bool $everything = false;

    /**
     * Takes note of what a batch wrote.
     *
     * @param batch $batch
     */
    public function add(batch $batch): void {
        foreach ($batch->entries as $entry) {
            if ($entry['op'] === 'set') {
                $this->calls[$entry['element']] ??= ['op' => 'set', 'element' => $entry['element']];
            } else if ($entry['op'] === 'terminate') {
                // No element has a name without a dot.
                $this->calls['terminate'] ??= ['op' => 'terminate'];
            }
        }
    }

    /**
     * Takes every part for written, where it cannot be known.
     */
    public function add_everything(): void {
        $this->everything = true;
    }

    /**
     * What several launches have written, as the data model takes it.
     *
     * @param self ...$all
     * @return array
     */
    public static function together(self ...$all): array {
        $calls = array_merge([], ...array_map(static fn(self $one): array => $one->calls, $all));
        return [
            'everything' => in_array(true, array_map(static fn(self $one): bool => $one->everything, $all), true),
            'calls' => array_values($calls),
        ];
    }
}
