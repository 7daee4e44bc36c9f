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

namespace local_externalscormbridge\results;

use local_externalscormbridge\event\results_delayed;
use local_externalscormbridge\launch\launch;
use local_externalscormbridge\task\update_results;
use local_externalscormbridge\tracking\track_store;

/**
 * Has gradebook and completion follow what was stored.
 *
 * It runs after the transaction that stored the tracks: a gradebook that fails must not take a learner's work with it.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class updater {
    /** Smallest difference between two grades; the gradebook keeps five decimals. */
    private const PRECISION = 0.00002;

    /**
     * What follows a commit: mod_scorm's own work for what was just stored, or another try of what is still due.
     *
     * @param \stdClass $scorm
     * @param launch $launch
     * @param track_store $tracks
     * @param array[] $announced rows that grades and completion depend on
     * @return int|null milliseconds after which the player should call again
     */
    public static function after_commit(\stdClass $scorm, launch $launch, track_store $tracks, array $announced): ?int {
        $due = due::find($launch->scormid, $launch->userid);
        if ($due === null) {
            return null;
        }
        if ($announced !== []) {
            $due = self::attempt($due, false, function () use ($scorm, $launch, $tracks, $announced): void {
                $tracks->announce($announced, (bool) $scorm->forcecompleted);
                if (track_store::leads_to_grade($announced)) {
                    self::check($scorm, $launch->userid);
                }
            });
        } else if ($due->is_players_turn()) {
            $due = self::retry($scorm, $due);
        }
        return $due?->again_ms();
    }

    /**
     * Another try.
     *
     * @param \stdClass $scorm
     * @param due $due
     * @return due|null what is still due; null if nothing is
     */
    public static function retry(\stdClass $scorm, due $due): ?due {
        global $CFG;
        require_once("{$CFG->dirroot}/mod/scorm/locallib.php");

        return self::attempt($due, true, function () use ($scorm, $due): void {
            scorm_update_grades($scorm, $due->userid);
            self::check($scorm, $due->userid);
        });
    }

    /**
     * Does something that may fail in any way.
     *
     * @param due $due
     * @param bool $isretry
     * @param callable $work
     * @return due|null what is still due
     */
    private static function attempt(due $due, bool $isretry, callable $work): ?due {
        global $DB;

        $within = $DB->is_transaction_started();
        try {
            $work();
        } catch (\Throwable $e) {
            if (!$within && $DB->is_transaction_started()) {
                // What failed has left its own transaction open, and would take the note below with it.
                $DB->force_transaction_rollback();
            }
            $due = $due->failed(get_class($e) . ': ' . $e->getMessage(), $isretry);
            results_delayed::of($due, get_class($e))->trigger();
            update_results::queue($due);
            return $due;
        }
        $due->done();
        return null;
    }

    /**
     * Makes sure that the gradebook has what mod_scorm has given it: it may refuse without a word. What a teacher has
     * locked is left as it is, and is no failure.
     *
     * @param \stdClass $scorm
     * @param int $userid
     * @throws \moodle_exception if not
     */
    private static function check(\stdClass $scorm, int $userid): void {
        $expected = scorm_get_user_grades($scorm, $userid)[$userid]->rawgrade ?? null;
        $item = \grade_item::fetch([
            'courseid' => $scorm->course,
            'itemtype' => 'mod',
            'itemmodule' => 'scorm',
            'iteminstance' => $scorm->id,
            'itemnumber' => 0,
        ]);
        if ($expected === null || !$item || (int) $item->gradetype === GRADE_TYPE_NONE || $item->is_locked()) {
            return;
        }
        $grade = \grade_grade::fetch(['itemid' => $item->id, 'userid' => $userid]);
        if ($grade && $grade->is_locked()) {
            return;
        }
        if (!$grade || $grade->rawgrade === null || abs($grade->rawgrade - $expected) > self::PRECISION) {
            throw new \moodle_exception('error_grade_refused', 'local_externalscormbridge');
        }
    }
}
