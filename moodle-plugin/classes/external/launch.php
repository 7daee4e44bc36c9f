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
use local_externalscormbridge\launch\launcher;
use local_externalscormbridge\launch\refused;
use local_externalscormbridge\package\store;
use local_externalscormbridge\reason;

/**
 * Starts a SCO for a player that has no stage page to load, with the same answer.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class launch extends external_api {
    /**
     * Parameters.
     *
     * @return external_function_parameters
     */
    public static function execute_parameters(): external_function_parameters {
        return new external_function_parameters([
            'cmid' => new external_value(PARAM_INT, 'Course module of the SCORM activity'),
            'scoid' => new external_value(PARAM_INT, 'SCO, 0 for the first one', VALUE_DEFAULT, 0),
            'mode' => new external_value(PARAM_ALPHA, 'normal, browse or review', VALUE_DEFAULT, 'normal'),
            'restart' => new external_value(
                PARAM_BOOL,
                'Whether the learner agrees to begin anew where the stored state cannot be read (error_unreadable)',
                VALUE_DEFAULT,
                false
            ),
        ]);
    }

    /**
     * Starts a SCO for the current user.
     *
     * @param int $cmid
     * @param int $scoid
     * @param string $mode
     * @param bool $restart
     * @return array
     */
    public static function execute(int $cmid, int $scoid = 0, string $mode = 'normal', bool $restart = false): array {
        global $DB;

        ['cmid' => $cmid, 'scoid' => $scoid, 'mode' => $mode, 'restart' => $restart] = self::validate_parameters(
            self::execute_parameters(),
            ['cmid' => $cmid, 'scoid' => $scoid, 'mode' => $mode, 'restart' => $restart]
        );
        $cm = get_coursemodule_from_id('scorm', $cmid, 0, false, MUST_EXIST);
        $context = \context_module::instance($cm->id);
        door::enter($context);
        try {
            $package = store::find((int) $cm->instance) ?? throw new refused('not_cdn');
            $scorm = $DB->get_record('scorm', ['id' => $cm->instance], '*', MUST_EXIST);
            $launcher = new launcher($scorm, $cm, $context, $package);
            if ($restart) {
                $launcher->restart($scoid, $mode);
            }
            $start = $launcher->start($scoid, $mode, '');
        } catch (refused $e) {
            access_denied::of($context, $e->reason)->trigger();
            throw $e;
        } catch (\Scormbridge\Exception $e) {
            throw new refused($e->reason, reason::message($e), $e->details);
        }
        return [
            'scoid' => $start->sco->id,
            'player' => json_encode($start->player, JSON_THROW_ON_ERROR | JSON_UNESCAPED_SLASHES),
        ];
    }

    /**
     * What is answered.
     *
     * @return external_single_structure
     */
    public static function execute_returns(): external_single_structure {
        return new external_single_structure([
            'scoid' => new external_value(PARAM_INT, 'SCO that is played'),
            'player' => new external_value(PARAM_RAW, 'What the player needs to know, JSON; for an asset its url alone'),
        ]);
    }
}
