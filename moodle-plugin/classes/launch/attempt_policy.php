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

/**
 * Which attempt and mode a launch is for, by mod_scorm's rules.
 *
 * player.php decides when the learner enters the activity and notes it in the session; loadSCO.php comes afterwards, for
 * the first SCO and for every other one, and must not decide again: player.php has already begun the attempt by then.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class attempt_policy {
    /**
     * Attempt and mode of a launch by the current user.
     *
     * @param \stdClass $scorm
     * @param \context_module $context
     * @param string $requested mode asked for in the URL
     * @return array{attempt: int, mode: string}
     * @throws refused if the learner may not play now
     */
    public static function for_launch(\stdClass $scorm, \context_module $context, string $requested): array {
        global $CFG;
        require_once("{$CFG->dirroot}/mod/scorm/locallib.php");

        [$available, $warnings] = scorm_get_availability_status($scorm);
        if (!$available) {
            $reason = array_key_first($warnings);
            throw new refused('not_available', get_string($reason, 'scorm', $warnings[$reason]));
        }
        $decided = self::decided_by_player($scorm) ?? self::decide($scorm, $requested);
        // To those without the right to save, mod_scorm plays all the same, and silently stores nothing. Here the SCO is
        // told so, instead of being led to believe that it reports to someone.
        if ($decided['mode'] === 'normal' && !has_capability('mod/scorm:savetrack', $context)) {
            $decided['mode'] = 'browse';
        }
        return $decided;
    }

    /**
     * Whether entries of a launch may still be stored.
     *
     * @param \stdClass $scorm
     * @param launch $launch
     * @throws refused if not
     */
    public static function for_commit(\stdClass $scorm, launch $launch): void {
        if ($launch->attempt <= 1 || (int) $scorm->maxattempt === 0 || $launch->attempt <= (int) $scorm->maxattempt) {
            return;
        }
        // Beyond the maximum only an attempt that mod_scorm itself has begun goes on.
        if (scorm_get_attempt($launch->userid, $launch->scormid, $launch->attempt, false) === null) {
            throw new refused('attempt_limit');
        }
    }

    /**
     * What player.php has noted for this activity.
     *
     * @param \stdClass $scorm
     * @return array|null null if the session is about another activity or about none
     */
    private static function decided_by_player(\stdClass $scorm): ?array {
        global $DB, $SESSION, $USER;

        $noted = $SESSION->scorm ?? null;
        if (!isset($noted->scoid, $noted->attempt, $noted->scormmode)) {
            return null;
        }
        if (!$DB->record_exists('scorm_scoes', ['id' => $noted->scoid, 'scorm' => $scorm->id])) {
            return null;
        }
        $attempt = (int) $noted->attempt;
        $last = (int) scorm_get_last_attempt($scorm->id, $USER->id);
        if (
            !in_array($noted->scormmode, ['normal', 'browse', 'review'], true)
            || $attempt < 1 || $attempt > $last + 1
            || ($noted->scormmode === 'browse' && $scorm->hidebrowse)
        ) {
            return null;
        }
        return ['attempt' => $attempt, 'mode' => $noted->scormmode];
    }

    /**
     * Decides as player.php does, except that it never begins a new attempt.
     *
     * @param \stdClass $scorm
     * @param string $requested
     * @return array
     * @throws refused if no attempt is left
     */
    private static function decide(\stdClass $scorm, string $requested): array {
        global $USER;

        $attempt = (int) scorm_get_last_attempt($scorm->id, $USER->id);
        $made = (int) scorm_get_attempt_count($USER->id, $scorm);
        if ($scorm->lastattemptlock && $scorm->maxattempt && $made >= $scorm->maxattempt) {
            throw new refused('attempts_used', get_string('exceededmaxattempts', 'scorm'));
        }
        $mode = in_array($requested, ['normal', 'browse', 'review'], true) ? $requested : 'normal';
        $newattempt = 'off';
        $settings = clone $scorm;
        $settings->forcenewattempt = SCORM_FORCEATTEMPT_NO;
        scorm_check_mode($settings, $newattempt, $attempt, $USER->id, $mode);
        return ['attempt' => (int) $attempt, 'mode' => $mode];
    }
}
