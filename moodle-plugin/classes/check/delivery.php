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
 * Whether there are ways for content to reach learners.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class delivery extends check {
    /**
     * Looks.
     *
     * @return finding
     */
    protected function look(): finding {
        $config = new config();
        $order = $config->delivery_order();
        $open = $config->content_host() === null ? array_values(array_diff($order, ['host'])) : $order;
        if ($open === []) {
            return finding::error(self::text('delivery_none'), self::text('delivery_none_do'));
        }
        $names = implode(', ', array_map(
            static fn(string $mode): string => get_string("delivery_{$mode}", config::COMPONENT),
            $open
        ));
        if ($config->content_host() === null) {
            return finding::info(self::text('delivery_nohost', $names), self::text('delivery_nohost_do'));
        }
        if (!in_array('host', $order, true)) {
            return finding::warning(self::text('delivery_unused', $names), self::text('delivery_unused_do'));
        }
        return finding::ok(self::text('delivery_ok', $names));
    }
}
