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
 * Which parts of an attempt newer launches have written, so that what comes late from an older one does not replace it.
 *
 * A part is what only makes sense together: one interaction, one objective, one comment, the scores; every other element
 * is a part of its own. Half an interaction of one window and half of another would be an answer that nobody gave.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class written {
    /** What grows with each launch instead of being replaced; the data model adds to what is stored. */
    private const ADDED_UP = ['cmi.core.total_time', 'cmi.total_time', 'cmi.comments'];

    /** What an LMS decides when a SCO ends. */
    private const DECIDED = [
        '1.2' => ['cmi.core.lesson_status'],
        '2004' => ['cmi.completion_status', 'cmi.success_status'],
    ];

    /** @var array<string, true> parts */
    private array $parts = [];

    /** @var bool whether every part counts as written */
    private bool $everything = false;

    /**
     * Takes note of what a batch wrote.
     *
     * @param batch $batch
     */
    public function add(batch $batch): void {
        $version = $batch->rules['version'] ?? '';
        foreach ($batch->entries as $entry) {
            if ($entry['op'] === 'set') {
                $this->parts[self::part(self::storage_name($entry['element'], $version))] = true;
            } else if ($entry['op'] === 'terminate') {
                $this->parts += array_fill_keys(self::DECIDED[$version] ?? [], true);
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
     * The rows of a late batch that may be written.
     *
     * @param array[] $rows of the data model
     * @return array[]
     */
    public function leave(array $rows): array {
        return array_values(array_filter($rows, fn(array $row): bool => in_array($row['element'], self::ADDED_UP, true)
            || !$this->everything && !isset($this->parts[self::part($row['element'])])));
    }

    /**
     * The part that an element belongs to.
     *
     * @param string $element storage name
     * @return string
     */
    private static function part(string $element): string {
        if (preg_match('/^cmi\.[a-z_.]+?[._]\d+(?=\.)/', $element, $found)) {
            return $found[0];
        }
        return preg_replace('/(?<=\.score)\.(raw|min|max|scaled)$/', '', $element);
    }

    /**
     * How mod_scorm stores an element: in SCORM 1.2 an index follows an underscore.
     *
     * @param string $element API name
     * @param string $version
     * @return string
     */
    private static function storage_name(string $element, string $version): string {
        return $version === '1.2' ? preg_replace('/\.(\d+)(?=\.)/', '_$1', $element) : $element;
    }
}
