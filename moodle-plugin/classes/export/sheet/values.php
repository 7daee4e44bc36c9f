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

namespace local_externalscormbridge\export\sheet;

use local_externalscormbridge\history\sco_attempt;

/**
 * The sheet of all stored values, each as it is.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class values extends tracked {
    #[\Override]
    public function columns(): array {
        return self::headings(['element' => 'export_element', 'value' => 'export_value', 'changed' => 'export_changed']);
    }

    #[\Override]
    public function rows(sco_attempt $of): iterable {
        $store = self::store($of);
        $times = $store->times();
        foreach (self::opened($store) as $element => $value) {
            yield ['element' => $element, 'value' => $value, 'changed' => self::time($times[$element])];
        }
    }
}
