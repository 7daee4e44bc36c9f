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

namespace local_externalscormbridge\report;

use local_externalscormbridge\output\package_panel;
use local_externalscormbridge\package\store as package_store;

/**
 * The way to the live report and to the package.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class navigation {
    /**
     * Adds them to the navigation of an activity, each for those who may see it.
     *
     * @param \settings_navigation $navigation
     * @param \context|null $context
     */
    public static function extend(\settings_navigation $navigation, ?\context $context): void {
        $module = $navigation->find('modulesettings', \navigation_node::TYPE_SETTING);
        if (!$module || !$context instanceof \context_module) {
            return;
        }
        $pages = array_filter([
            'report' => ['/local/externalscormbridge/report/index.php', activity::CAPABILITY],
            'package' => ['/local/externalscormbridge/package.php', package_panel::CAPABILITY],
        ], static fn(array $page): bool => has_capability($page[1], $context));
        if ($pages === []) {
            return;
        }
        $cm = get_coursemodule_from_id('scorm', $context->instanceid);
        if (!$cm || package_store::find((int) $cm->instance) === null) {
            return;
        }
        foreach ($pages as $name => [$script]) {
            $module->add(
                get_string($name, 'local_externalscormbridge'),
                new \moodle_url($script, ['id' => $cm->id]),
                \navigation_node::TYPE_SETTING,
                null,
                "local_externalscormbridge_{$name}"
            );
        }
    }
}
