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

namespace local_externalscormbridge\output;

use local_externalscormbridge\config;
use local_externalscormbridge\package\store;

/**
 * The page on which an administrator plays a package by every way of delivery.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class trial implements \core\output\named_templatable, \core\output\renderable {
    /** Seconds beyond the player's own patience for content to begin. */
    private const PATIENCE = 20;

    /**
     * Its template.
     *
     * @param \core\output\renderer_base $renderer
     * @return string
     */
    public function get_template_name(\core\output\renderer_base $renderer): string {
        return 'local_externalscormbridge/trial';
    }

    /**
     * What the template needs.
     *
     * @param \core\output\renderer_base $output
     * @return array
     */
    public function export_for_template(\core\output\renderer_base $output): array {
        global $PAGE;

        $patience = (new config())->player_timeout() + self::PATIENCE;
        $PAGE->requires->js_call_amd('local_externalscormbridge/trial', 'init', ['scormbridge-trial', $patience * 1000]);
        $modes = [];
        foreach (config::DELIVERY_MODES as $mode) {
            $modes[] = [
                'mode' => $mode,
                'name' => get_string("delivery_{$mode}", config::COMPONENT),
                'remedy' => get_string("trial_remedy_{$mode}", config::COMPONENT),
            ];
        }
        return [
            'url' => store::latest_url(),
            'stage' => (new \moodle_url('/local/externalscormbridge/trial.php'))->out(false),
            'sample' => (new \moodle_url('/local/externalscormbridge/trial.php', ['sample' => 1]))->out(false),
            'diagnose' => (new \moodle_url('/local/externalscormbridge/diagnose.php'))->out(false),
            'modes' => $modes,
        ];
    }
}
