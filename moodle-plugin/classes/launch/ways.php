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

namespace local_externalscormbridge\launch;

use local_externalscormbridge\config;
use local_externalscormbridge\package\package;

/**
 * Every way in which the content of a package could reach learners, and why it is or is not the one in use.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class ways {
    /**
     * In words, the site's most wanted first.
     *
     * @param package $package
     * @param config $config
     * @return array[] name, chosen, state, reason (null where it is open)
     */
    public static function of(package $package, config $config): array {
        $chosen = delivery::mode($package, $config);
        $wanted = $config->delivery_order();
        $ways = [];
        foreach (array_unique([...$wanted, ...config::DELIVERY_MODES]) as $mode) {
            $obstacle = delivery::obstacle($mode, $package, $config);
            $state = match (true) {
                $mode === $chosen => 'chosen',
                $obstacle !== null => 'closed',
                !in_array($mode, $wanted, true) => 'off',
                default => 'open',
            };
            $ways[] = [
                'name' => get_string("delivery_{$mode}", config::COMPONENT),
                'chosen' => $state === 'chosen',
                'state' => get_string("package_way_{$state}", config::COMPONENT),
                'reason' => $obstacle,
            ];
        }
        return $ways;
    }
}
