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
use local_externalscormbridge\diagnosis\check;
use local_externalscormbridge\diagnosis\finding;

/**
 * Whether development mode is off.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class development extends check {
    /**
     * Looks.
     *
     * @return finding
     */
    protected function look(): finding {
        global $CFG;

        if (!(new config())->development()) {
            return finding::ok(self::text('development_off'));
        }
        $host = (string) parse_url($CFG->wwwroot, PHP_URL_HOST);
        return preg_match('/^(localhost|127(\.\d+){3}|\[::1\])$/', $host)
            ? finding::info(self::text('development_local'))
            : finding::critical(self::text('development_on'), self::text('development_on_do'));
    }
}
