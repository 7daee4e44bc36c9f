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

use local_externalscormbridge\event\sco_restarted;
use local_externalscormbridge\history\batch;
use local_externalscormbridge\history\sco_attempt;
use local_externalscormbridge\history\store as history;
use local_externalscormbridge\tracking\committer;
use local_externalscormbridge\tracking\track_store;

/**
 * Lets a learner begin a SCO anew whose stored state cannot be read any more.
 *
 * Scores, statuses and times stay. What cannot be read is kept for the administrator, and with it goes what only makes
 * sense together with it: where the learner was, and that they would come back.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class restart {
    /** What a SCO goes on from. */
    private const STATE = ['cmi.suspend_data', 'cmi.core.lesson_location', 'cmi.core.exit', 'cmi.location', 'cmi.exit'];

    /**
     * Empties what cannot be read.
     *
     * @param launch $launch
     * @throws refused if the attempt is being stored by another window for too long
     */
    public static function perform(launch $launch): void {
        committer::locked($launch, static function (launch $launch): void {
            global $DB;

            $tracks = new track_store($launch->scormid, $launch->userid, $launch->scoid, $launch->attempt);
            $stored = track_store::owned($tracks->read());
            $unreadable = $tracks->unreadable();
            if ($unreadable === []) {
                return;
            }
            $cleared = array_values(array_unique([...$unreadable, ...array_intersect(self::STATE, array_keys($stored))]));
            $before = history::knows(sco_attempt::of($launch)) ? null : $stored;
            $transaction = $DB->start_delegated_transaction();
            $tracks->clear($cleared);
            history::append($launch, new batch(0, 0, before: $before, cleared: $cleared));
            $transaction->allow_commit();
            sco_restarted::of($launch, $unreadable)->trigger();
        });
    }
}
