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

/**
 * Whether the server reaches the Internet in a way that CDNs are not asked by.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class network extends check {
    /**
     * Looks.
     *
     * @return finding
     */
    protected function look(): finding {
        global $CFG;

        return empty($CFG->proxyhost)
            ? finding::ok(self::text('network_ok'))
            : finding::warning(self::text('network_proxy', $CFG->proxyhost), self::text('network_proxy_do'));
    }

    /**
     * Where something can be done about it.
     *
     * @return \moodle_url
     */
    protected function place(): \moodle_url {
        return new \moodle_url('/admin/settings.php', ['section' => 'http']);
    }
}
