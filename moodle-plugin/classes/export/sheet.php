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

namespace local_externalscormbridge\export;

use local_externalscormbridge\history\sco_attempt;

/**
 * One sheet of an export.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
interface sheet {
    /**
     * Its columns, besides those that say whose row it is.
     *
     * @return array<string, string> heading by name
     */
    public function columns(): array;

    /**
     * Whether a part of the package in which nothing can be played has rows as well.
     *
     * @return bool
     */
    public function wants_all_scoes(): bool;

    /**
     * The rows of one attempt at a SCO.
     *
     * @param sco_attempt $of
     * @return iterable<array<string, string>> cells by the names of columns()
     */
    public function rows(sco_attempt $of): iterable;
}
