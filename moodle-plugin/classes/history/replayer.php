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
 * Plays the history of an attempt at a SCO from nothing and arrives at what should be stored.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class replayer {
    /** Who is named to the data model. Nothing that is stored depends on it. */
    private const NOBODY = ['id' => '', 'name' => ''];

    /** @var array<string, string> value by storage name */
    private array $stored = [];

    /** @var array[] sessions of the data model by launch id */
    private array $sessions = [];

    /** @var written[] what launches have written, by launch id */
    private array $written = [];

    /**
     * Plays one batch.
     *
     * @param int $launchid
     * @param batch $batch
     * @throws \Scormbridge\DataModelException if the data model does not take it
     */
    public function play(int $launchid, batch $batch): void {
        if ($batch->before !== null) {
            $this->stored = $batch->before;
        }
        foreach ($batch->cleared as $element) {
            $this->stored[$element] = '';
        }
        if ($batch->firstseq === 0) {
            return;
        }
        $session = $this->sessions[$launchid] ?? $batch->session ?? ['last_seq' => 0, 'status' => 'ready'];
        $judged = [
            $batch->rules + ['learner' => self::NOBODY],
            $this->stored,
            $session,
            json_encode(self::renumbered($batch->entries, $session['last_seq']), JSON_THROW_ON_ERROR),
        ];
        $replay = $batch->merged
            ? \Scormbridge\DataModel::replayLate(...[...$judged, $this->of_newer($launchid)])
            : \Scormbridge\DataModel::replay(...$judged);
        $this->sessions[$launchid] = $replay['session'];
        foreach ($replay['rows'] as $row) {
            $this->stored[$row['element']] = $row['value'];
        }
        $this->written[$launchid] ??= new written();
        $this->written[$launchid]->add($batch);
    }

    /**
     * What should be stored now.
     *
     * @return array<string, string> value by storage name
     */
    public function stored(): array {
        return $this->stored;
    }

    /**
     * What launches newer than one have written so far.
     *
     * @param int $launchid
     * @return array as the data model takes it
     */
    private function of_newer(int $launchid): array {
        $newer = array_filter($this->written, static fn(int $other): bool => $other > $launchid, ARRAY_FILTER_USE_KEY);
        return written::together(...array_values($newer));
    }

    /**
     * Entries without the holes that refused ones have left.
     *
     * @param array[] $entries
     * @param int $last number of the last entry before them
     * @return array[]
     */
    private static function renumbered(array $entries, int $last): array {
        foreach ($entries as $index => $entry) {
            $entries[$index] = ['seq' => $last + $index + 1] + $entry;
        }
        return $entries;
    }
}
