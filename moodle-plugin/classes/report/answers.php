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

/**
 * Members of the collections of a data model, such as interactions, put together from their elements.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class answers {
    /** Most members that are shown. */
    public const LIMIT = 500;

    /** The names of SCORM 1.2 and 2004 for the same thing. */
    private const ALIKE = ['student_response' => 'learner_response', 'time' => 'timestamp'];

    /**
     * The members of a collection: 1.2 stores `cmi.interactions_0.id`, 2004 `cmi.interactions.0.id`.
     *
     * @param array<string, string> $stored value by storage name
     * @param string $collection interactions or objectives
     * @param int $limit
     * @return array[] by number: values by name, those of 2004 for both
     */
    public static function of(array $stored, string $collection, int $limit = self::LIMIT): array {
        $members = [];
        foreach ($stored as $element => $value) {
            if (preg_match("/^cmi\\.{$collection}[._](\\d{1,9})\\.(.+)$/", $element, $found)) {
                $name = self::ALIKE[$found[2]] ?? $found[2];
                $members[(int) $found[1]][$name] = $value;
            }
        }
        ksort($members);
        return array_slice($members, 0, $limit, true);
    }

    /**
     * The correct responses of an interaction, in their order.
     *
     * @param array<string, string> $interaction of of()
     * @return string[]
     */
    public static function correct(array $interaction): array {
        $patterns = [];
        foreach ($interaction as $name => $value) {
            if (preg_match('/^correct_responses[._](\d{1,9})\.pattern$/', $name, $found)) {
                $patterns[(int) $found[1]] = $value;
            }
        }
        ksort($patterns);
        return array_values($patterns);
    }
}
