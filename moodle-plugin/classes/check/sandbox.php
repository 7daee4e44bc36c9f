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

use local_externalscormbridge\config;
use local_externalscormbridge\diagnosis\finding;

/**
 * Whether content for the sandbox is answered on Moodle's own host, and only into a sandbox.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class sandbox extends gateway {
    /**
     * Looks.
     *
     * @return finding
     */
    protected function look(): finding {
        global $CFG;

        return in_array('sandbox', (new config())->delivery_order(), true)
            ? $this->judge($CFG->wwwroot, 'sandbox')
            : finding::not_applicable(self::text('sandbox_off'));
    }
}
