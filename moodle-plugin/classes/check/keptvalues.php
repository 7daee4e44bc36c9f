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

namespace local_externalscormbridge\check;

use local_externalscormbridge\diagnosis\check;
use local_externalscormbridge\diagnosis\finding;
use local_externalscormbridge\tracking\kept_values;

/**
 * Whether there were sealed values that could not be opened.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class keptvalues extends check {
    /**
     * Looks.
     *
     * @return finding
     */
    protected function look(): finding {
        global $DB;

        $count = $DB->count_records(kept_values::TABLE);
        return $count > 0
            ? finding::warning(self::text('keptvalues_some', $count), self::text('keptvalues_some_do'))
            : finding::ok(self::text('keptvalues_none'));
    }
}
