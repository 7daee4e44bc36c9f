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
use local_externalscormbridge\trial\trial;

/**
 * Stores what a SCO has reported.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class commit extends external_api {
    /**
     * Parameters.
     *
     * @return external_function_parameters
     */
    public static function execute_parameters(): external_function_parameters {
        return new external_function_parameters([
            'launch' => new external_value(PARAM_ALPHANUM, 'Names the launch, 32 hexadecimal digits'),
            'entries' => new external_value(PARAM_RAW, 'Journal entries, a JSON array'),
        ]);
    }

    /**
     * Stores a batch of journal entries of one of the user's own launches, or judges one of a trial.
     *
     * @param string $launch
     * @param string $entries
     * @return array
     */
    public static function execute(string $launch, string $entries): array {
        ['launch' => $token, 'entries' => $entries] = self::validate_parameters(
            self::execute_parameters(),
            ['launch' => $launch, 'entries' => $entries]
        );
        return (trial::find($token) ?? own_launch::find($token))->commit($entries);
    }

    /**
     * What is answered.
     *
     * @return external_single_structure
     */
    public static function execute_returns(): external_single_structure {
        return new external_single_structure([
            'ack' => new external_value(PARAM_INT, 'Every entry up to here is stored or will never be'),
            'status' => new external_value(PARAM_ALPHA, 'ready, running, terminated or superseded'),
            'refused' => new external_multiple_structure(new external_single_structure([
                'seq' => new external_value(PARAM_INT, 'Sequence number of the entry'),
                'element' => new external_value(PARAM_RAW, 'Element as the SCO named it'),
                'code' => new external_value(PARAM_INT, 'SCORM error code'),
                'reason' => new external_value(PARAM_RAW, 'Stable code'),
            ])),
            'navigation' => new external_value(PARAM_RAW, 'Navigation request, empty if none'),
            'again_ms' => new external_value(
                PARAM_INT,
                'Milliseconds after which to call again, for a grade that is still to follow',
                VALUE_OPTIONAL
            ),
        ]);
    }
}
