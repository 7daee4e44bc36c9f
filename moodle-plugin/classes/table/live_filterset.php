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

namespace local_externalscormbridge\table;

use core_table\local\filter\filterset;
use core_table\local\filter\integer_filter;
use core_table\local\filter\string_filter;

/**
 * What the live report can be narrowed by.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class live_filterset extends filterset {
    /**
     * Needed: the activity, as the id of its course module.
     *
     * @return string[]
     */
    public function get_required_filters(): array {
        return ['cmid' => integer_filter::class];
    }

    /**
     * What else there is: see \local_externalscormbridge\report\filter.
     *
     * @return string[]
     */
    public function get_optional_filters(): array {
        return [
            'group' => integer_filter::class,
            'sco' => integer_filter::class,
            'playing' => integer_filter::class,
            'status' => string_filter::class,
            'name' => string_filter::class,
        ];
    }
}
