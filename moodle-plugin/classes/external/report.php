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
use core_external\external_single_structure;
use core_external\external_value;
use local_externalscormbridge\event\access_denied;
use local_externalscormbridge\event\player_reported;
use local_externalscormbridge\trial\trial;

/**
 * Records what the player refused, such as a message from a foreign frame, or could not do.
 *
 * What it is told comes from a browser and proves nothing; it is kept short and only ever logged.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class report extends external_api {
    /** Reports that a launch may make: a hostile frame must not fill the log through its learner. */
    private const PER_LAUNCH = 20;

    /** How the codes of messages begin that came from where none may come from. */
    private const REFUSED_MESSAGE = 'message_';

    /**
     * Parameters.
     *
     * @return external_function_parameters
     */
    public static function execute_parameters(): external_function_parameters {
        return new external_function_parameters([
            'launch' => new external_value(PARAM_ALPHANUM, 'Names the launch, 32 hexadecimal digits'),
            'code' => new external_value(PARAM_ALPHANUMEXT, 'What happened, a stable code'),
        ]);
    }

    /**
     * Logs one report.
     *
     * @param string $launch
     * @param string $code
     * @return array
     */
    public static function execute(string $launch, string $code): array {
        ['launch' => $token, 'code' => $code] = self::validate_parameters(
            self::execute_parameters(),
            ['launch' => $launch, 'code' => $code]
        );
        $trial = trial::find($token);
        if ($trial !== null) {
            $trial->report($code);
            return ['logged' => false];
        }
        $found = own_launch::find($token);
        $found->enter();

        $cache = \cache::make('local_externalscormbridge', 'reports');
        $made = (int) $cache->get($token);
        if ($made >= self::PER_LAUNCH) {
            return ['logged' => false];
        }
        $cache->set($token, $made + 1);
        $code = \core_text::substr($code, 0, 64);
        $event = str_starts_with($code, self::REFUSED_MESSAGE)
            ? access_denied::of($found->context, $code)
            : player_reported::of($found->context, $found->launch, $code);
        $event->trigger();
        return ['logged' => true];
    }

    /**
     * What is answered.
     *
     * @return external_single_structure
     */
    public static function execute_returns(): external_single_structure {
        return new external_single_structure([
            'logged' => new external_value(PARAM_BOOL, 'False once a launch has reported too often, and for a trial'),
        ]);
    }
}
