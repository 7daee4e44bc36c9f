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
 * Which row of a new tree is which stored SCO.
 *
 * A SCO is known by its identifier, as mod_scorm knows it. Identifiers may repeat, in two organizations for example: the
 * first takes the oldest.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class matching {
    /**
     * Constructor.
     *
     * @param array<int, int|null> $ids
     * @param int[] $left
     */
    private function __construct(
        /** @var array<int, int|null> id of the stored SCO by index of the row, null where the row is new */
        public readonly array $ids,
        /** @var int[] ids of stored SCOs that the tree no longer has */
        public readonly array $left
    ) {
    }

    /**
     * Matches the two.
     *
     * @param array<int, string> $stored identifier by id, oldest first
     * @param array[] $rows of the new tree
     * @return self
     */
    public static function of(array $stored, array $rows): self {
        $free = [];
        foreach ($stored as $id => $identifier) {
            $free[$identifier][] = (int) $id;
        }
        $ids = [];
        foreach ($rows as $row) {
            $ids[] = isset($free[$row['identifier']]) ? array_shift($free[$row['identifier']]) : null;
        }
        return new self($ids, array_merge(...array_values($free)));
    }
}
