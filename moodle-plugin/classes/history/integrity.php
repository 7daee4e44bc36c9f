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

use local_externalscormbridge\event\history_differs;
use local_externalscormbridge\tracking\committer;
use local_externalscormbridge\tracking\track_store;

/**
 * Checks that the history of attempts, played from nothing, gives what is stored of them.
 *
 * It changes nothing: whoever reads of a difference decides which of the two is right.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class integrity {
    /** The stored value is another one. */
    public const DIFFERS = 'differs';

    /** The history has a value, and nothing is stored. */
    public const MISSING = 'missing';

    /** Something is stored that the history does not know. */
    public const UNKNOWN = 'unknown';

    /** The stored value cannot be opened. */
    public const UNREADABLE = 'unreadable';

    /** The history itself cannot be read, so that nothing can be compared. */
    public const DAMAGED = 'damaged';

    /**
     * Compares the two for one attempt at a SCO, and logs what differs.
     *
     * @param sco_attempt $of
     * @return array<string, string>|null constants of this class by element, with an empty one where the history is
     *     damaged; null if the attempt is busy or gone
     */
    public static function check(sco_attempt $of): ?array {
        return committer::while_quiet($of, static function () use ($of): ?array {
            if (!store::knows($of)) {
                return null;
            }
            $differences = self::differences($of);
            if ($differences !== []) {
                history_differs::of($of, $differences)->trigger();
            }
            return $differences;
        });
    }

    /**
     * What differs.
     *
     * @param sco_attempt $of
     * @return array<string, string>
     */
    private static function differences(sco_attempt $of): array {
        $replayer = new replayer();
        try {
            foreach (store::read($of) as $launchid => $batch) {
                $replayer->play($launchid, $batch);
            }
        } catch (\Scormbridge\SealException | \Scormbridge\DataModelException | \UnexpectedValueException $e) {
            // Not the family's base class: a local service that does not answer says nothing about the history.
            return ['' => self::DAMAGED];
        }
        $expected = $replayer->stored();
        $tracks = new track_store($of->scormid, $of->userid, $of->scoid, $of->attempt);
        $stored = track_store::owned($tracks->read());
        $found = array_fill_keys($tracks->unreadable(), self::UNREADABLE);
        foreach (array_diff_key($expected, $found) as $element => $value) {
            if (!isset($stored[$element])) {
                $found[$element] = self::MISSING;
            } else if ($stored[$element] !== $value) {
                $found[$element] = self::DIFFERS;
            }
        }
        return $found + array_fill_keys(array_keys(array_diff_key($stored, $expected)), self::UNKNOWN);
    }
}
