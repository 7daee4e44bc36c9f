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

use local_externalscormbridge\config;
use local_externalscormbridge\launch\attempt_policy;
use local_externalscormbridge\launch\launch;
use local_externalscormbridge\launch\refused;
use local_externalscormbridge\launch\store as launch_store;

/**
 * Replays journal entries of a launch on the stored attempt.
 *
 * The browser is not trusted: the data model judges every entry again on what is stored. One lock per attempt and one
 * transaction per batch, so that two tabs, a retry and a late beacon cannot mix.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class committer {
    /** Seconds to wait for another commit of the same attempt. */
    private const PATIENCE = 15;

    /**
     * Stores a batch.
     *
     * @param \stdClass $scorm the activity
     * @param launch $launch a launch of the user
     * @param \stdClass $user the learner
     * @param string $entries JSON array of journal entries
     * @return array ack, status, refused, navigation, as docs/protocol.md says
     * @throws refused if the attempt rules or the journal do not allow it; nothing is stored then
     */
    public static function commit(\stdClass $scorm, launch $launch, \stdClass $user, string $entries): array {
        global $CFG;
        require_once("{$CFG->dirroot}/mod/scorm/locallib.php");

        $resource = "{$launch->scormid}-{$launch->userid}-{$launch->attempt}";
        $lock = \core\lock\lock_config::get_lock_factory(config::COMPONENT)->get_lock($resource, self::PATIENCE);
        if (!$lock) {
            throw new refused('busy');
        }
        try {
            // Read under the lock: another commit may just have moved it on.
            $launch = launch_store::find($launch->token) ?? throw new refused('launch_unknown');
            attempt_policy::for_commit($scorm, $launch);
            return self::replay($scorm, $launch, $user, $entries);
        } finally {
            $lock->release();
        }
    }

    /**
     * Replays and writes.
     *
     * @param \stdClass $scorm
     * @param launch $launch
     * @param \stdClass $user
     * @param string $entries
     * @return array
     * @throws refused if the journal cannot be read or has a gap
     */
    private static function replay(\stdClass $scorm, launch $launch, \stdClass $user, string $entries): array {
        global $DB;

        $tracks = new track_store($launch->scormid, $launch->userid, $launch->scoid, $launch->attempt);
        try {
            $replay = \Scormbridge\DataModel::replay(
                launch_context::of($scorm, $launch, $user),
                $tracks->read(),
                $launch->session(),
                $entries
            );
        } catch (\Scormbridge\DataModelException $e) {
            throw new refused($e->reason, \local_externalscormbridge\reason::message($e), $e->details);
        }
        $after = $launch->after($replay['session']);

        track_store::know_elements(array_column($replay['rows'], 'element'));
        $transaction = $DB->start_delegated_transaction();
        try {
            $tracks->write($replay['rows'], (bool) $scorm->forcecompleted);
            launch_store::save($after);
            $transaction->allow_commit();
        } catch (\Throwable $e) {
            $transaction->rollback($e instanceof \Exception ? $e : new \coding_exception($e->getMessage()));
        }
        return [
            'ack' => $after->lastseq,
            'status' => $after->status,
            'refused' => $replay['refused'],
            'navigation' => $replay['navigation'],
        ];
    }
}
