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

namespace local_externalscormbridge\tracking;

use local_externalscormbridge\launch\launch;

/**
 * What the data model must know about a launch, gathered from mod_scorm's tables and settings.
 *
 * Seed and replay get the same context, or the server would judge by other rules than the browser.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class launch_context {
    /**
     * The context of a launch, in the shape of the data model's LaunchContext.
     *
     * @param \stdClass $scorm
     * @param launch $launch
     * @param \stdClass $user the learner
     * @return array
     */
    public static function of(\stdClass $scorm, launch $launch, \stdClass $user): array {
        global $DB;

        $standard = !empty(get_config('scorm', 'scormstandard'));
        $sco = $DB->get_records_menu('scorm_scoes_data', ['scoid' => $launch->scoid], 'id', 'name, value');
        $objectives = $DB->get_records(
            'scorm_seq_objective',
            ['scoid' => $launch->scoid],
            'id',
            'id, objectiveid, primaryobj, satisfiedbymeasure, minnormalizedmeasure'
        );
        return [
            'version' => scorm_version_check($scorm->version, SCORM_13) ? '2004' : '1.2',
            'learner' => [
                'id' => $user->username,
                // As mod_scorm itself names the learner.
                'name' => $standard ? "{$user->lastname}, {$user->firstname}" : fullname($user),
            ],
            'mode' => $launch->mode,
            'sco' => array_map('strval', $sco),
            'objectives' => array_map(static fn(\stdClass $objective): array => [
                'objectiveid' => (string) $objective->objectiveid,
                'primaryobj' => (bool) $objective->primaryobj,
                'satisfiedbymeasure' => (bool) $objective->satisfiedbymeasure,
                'minnormalizedmeasure' => (string) $objective->minnormalizedmeasure,
            ], array_values($objectives)),
            'settings' => [
                'masteryoverride' => (bool) $scorm->masteryoverride,
                'forcecompleted' => (bool) $scorm->forcecompleted,
                'scormstandard' => $standard,
            ],
        ];
    }
}
