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

namespace local_externalscormbridge\external;

use core_external\external_api;
use core_external\external_function_parameters;
use core_external\external_multiple_structure;
use core_external\external_single_structure;
use core_external\external_value;
use local_externalscormbridge\config;
use local_externalscormbridge\launch\refused;
use local_externalscormbridge\package\prober;
use local_externalscormbridge\reason;
use local_externalscormbridge\trial\sample;
use local_externalscormbridge\trial\trial;

/**
 * Checks a package for an administrator, and prepares to play it by every way of delivery that it can use.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class trial_begin extends external_api {
    /**
     * Parameters.
     *
     * @return external_function_parameters
     */
    public static function execute_parameters(): external_function_parameters {
        return new external_function_parameters([
            'url' => new external_value(PARAM_RAW_TRIMMED, 'URL of a package'),
        ]);
    }

    /**
     * Checks and prepares.
     *
     * @param string $url
     * @return array
     */
    public static function execute(string $url): array {
        ['url' => $url] = self::validate_parameters(self::execute_parameters(), ['url' => $url]);
        self::validate_context(\context_system::instance());
        trial::demand();
        try {
            $probe = prober::ask($url);
        } catch (\Scormbridge\Exception $e) {
            throw new refused($e->reason, reason::message($e), $e->details);
        }
        $hashost = (new config())->content_host() !== null;
        $modes = [];
        foreach (config::DELIVERY_MODES as $mode) {
            $found = $mode === 'host' && !$hashost ? ['reason' => 'no_content_host'] : $probe['delivery'][$mode] ?? [];
            $usable = !empty($found['usable']);
            $modes[] = [
                'mode' => $mode,
                'usable' => $usable,
                'reason' => $usable ? '' : reason::text('delivery_' . ($found['reason'] ?? 'unknown'), $found['details'] ?? []),
                'trial' => $usable ? trial::begin($probe, $mode)->token : '',
            ];
        }
        return [
            'title' => $probe['title'] ?? '',
            'version' => $probe['version'],
            'sample' => sample::is($probe['tree']),
            'modes' => $modes,
        ];
    }

    /**
     * What is answered.
     *
     * @return external_single_structure
     */
    public static function execute_returns(): external_single_structure {
        return new external_single_structure([
            'title' => new external_value(PARAM_RAW, 'Title of the package'),
            'version' => new external_value(PARAM_RAW, '1.2 or 2004'),
            'sample' => new external_value(PARAM_BOOL, 'Whether it is the sample that comes with the plugin'),
            'modes' => new external_multiple_structure(new external_single_structure([
                'mode' => new external_value(PARAM_ALPHA, 'direct, host or sandbox'),
                'usable' => new external_value(PARAM_BOOL, 'Whether package and site can use it'),
                'reason' => new external_value(PARAM_RAW, 'Why not, in words'),
                'trial' => new external_value(PARAM_ALPHANUM, 'Names the trial, 32 hexadecimal digits; empty if there is none'),
            ])),
        ]);
    }
}
