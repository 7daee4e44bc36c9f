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
use local_externalscormbridge\launch\refused;
use local_externalscormbridge\trial\trial;

/**
 * Tells an administrator what has come of a trial so far.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class trial_outcome extends external_api {
    /**
     * Parameters.
     *
     * @return external_function_parameters
     */
    public static function execute_parameters(): external_function_parameters {
        return new external_function_parameters([
            'trial' => new external_value(PARAM_ALPHANUM, 'Names the trial'),
        ]);
    }

    /**
     * Looks.
     *
     * @param string $trial
     * @return array
     */
    public static function execute(string $trial): array {
        ['trial' => $token] = self::validate_parameters(self::execute_parameters(), ['trial' => $trial]);
        self::validate_context(\context_system::instance());
        trial::demand();
        return (trial::find($token) ?? throw new refused('launch_unknown'))->outcome();
    }

    /**
     * What is answered.
     *
     * @return external_single_structure
     */
    public static function execute_returns(): external_single_structure {
        $counts = [];
        foreach (['initialize', 'set', 'commit', 'terminate'] as $call) {
            $counts[$call] = new external_value(PARAM_INT, "How often {$call} was called with success");
        }
        return new external_single_structure([
            'seen' => new external_single_structure($counts),
            'refused' => new external_multiple_structure(new external_value(PARAM_RAW, 'Element and reason')),
            'reports' => new external_multiple_structure(new external_value(PARAM_ALPHANUMEXT, 'What the player could not do')),
            'roundtrip' => new external_value(PARAM_ALPHA, 'same, different, or empty if the package says nothing of it'),
        ]);
    }
}
