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
use local_externalscormbridge\event\access_denied;
use local_externalscormbridge\history\batch;
use local_externalscormbridge\history\sco_attempt;
use local_externalscormbridge\history\store as history;
use local_externalscormbridge\history\written;
use local_externalscormbridge\launch\attempt_policy;
use local_externalscormbridge\launch\launch;
use local_externalscormbridge\launch\refused;
use local_externalscormbridge\launch\session_limit;
use local_externalscormbridge\launch\store as launch_store;
use local_externalscormbridge\results\due;
use local_externalscormbridge\results\updater;

/**
 * Replays journal entries of a launch on the stored attempt.
 *
 * The browser is not trusted: the data model judges every entry again on what is stored. One lock per attempt and one
 * transaction per batch (tracks, history, launch record), so that two tabs, a retry and a late beacon cannot mix and
 * nothing is ever half written. Gradebook and completion follow afterwards.
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
     * @return array ack, status, refused, navigation and perhaps again_ms, as docs/protocol.md says
     * @throws refused if the attempt rules or the journal do not allow it; what is refused is not stored
     */
    public static function commit(\stdClass $scorm, launch $launch, \stdClass $user, string $entries): array {
        global $CFG;
        require_once("{$CFG->dirroot}/mod/scorm/locallib.php");

        return self::locked($launch, static function (launch $launch) use ($scorm, $user, $entries): array {
            attempt_policy::for_commit($scorm, $launch);
            [$entries, $islate] = session_limit::cut($launch, $entries, time());
            $answer = (new self($scorm, $launch, $user))->replay($entries);
            if ($islate) {
                throw new refused('session_timeout');
            }
            return $answer;
        });
    }

    /**
     * Does something while no other commit of the same attempt runs.
     *
     * @param launch $launch
     * @param callable $work given the launch as it is by then
     * @return mixed what the work returns
     * @throws refused if another commit takes too long, or the launch is gone
     */
    public static function locked(launch $launch, callable $work): mixed {
        return self::holding(sco_attempt::of($launch), self::PATIENCE, static function (bool $held) use ($launch, $work): mixed {
            if (!$held) {
                throw new refused('busy');
            }
            // Read under the lock: another commit may just have moved it on.
            return $work(launch_store::find($launch->token) ?? throw new refused('launch_unknown'));
        });
    }

    /**
     * Does something while nothing is stored of an attempt, without making a learner wait for it.
     *
     * @param sco_attempt $of
     * @param callable $work
     * @return mixed what the work returns; null if something is being stored
     */
    public static function while_quiet(sco_attempt $of, callable $work): mixed {
        return self::holding($of, 0, static fn(bool $held): mixed => $held ? $work() : null);
    }

    /**
     * Does something under the lock of an attempt.
     *
     * @param sco_attempt $of
     * @param int $patience in seconds
     * @param callable $work told whether the lock could be had
     * @return mixed what the work returns
     */
    private static function holding(sco_attempt $of, int $patience, callable $work): mixed {
        $factory = \core\lock\lock_config::get_lock_factory(config::COMPONENT);
        $lock = $factory->get_lock("{$of->scormid}-{$of->userid}-{$of->attempt}", $patience);
        try {
            return $work((bool) $lock);
        } finally {
            if ($lock) {
                $lock->release();
            }
        }
    }

    /**
     * Constructor.
     *
     * @param \stdClass $scorm
     * @param launch $launch
     * @param \stdClass $user
     */
    private function __construct(
        /** @var \stdClass the activity */
        private readonly \stdClass $scorm,
        /** @var launch the launch, as it was before */
        private readonly launch $launch,
        /** @var \stdClass the learner */
        private readonly \stdClass $user
    ) {
    }

    /**
     * Replays and writes.
     *
     * @param string $entries
     * @return array
     * @throws refused if the journal cannot be read or has a gap
     */
    private function replay(string $entries): array {
        $launch = $this->launch;
        $tracks = new track_store($launch->scormid, $launch->userid, $launch->scoid, $launch->attempt);
        $context = launch_context::of($this->scorm, $launch, $this->user);
        $stored = $tracks->read();
        // What is only looked at competes with nobody, and leaves no history.
        $counts = $launch->mode === 'normal';
        $newer = $counts ? launch_store::newer($launch) : [];
        $judged = [$context, $stored, $launch->session(), $entries];
        try {
            $replay = $newer === []
                ? \Scormbridge\DataModel::replay(...$judged)
                : \Scormbridge\DataModel::replayLate(...[...$judged, $this->written($newer)]);
        } catch (\Scormbridge\DataModelException $e) {
            throw new refused($e->reason, \local_externalscormbridge\reason::message($e), $e->details);
        }
        $announced = [];
        $news = self::news($entries, $launch->lastseq);
        if ($news !== []) {
            $after = $launch->after($replay['session'], $news[0]['at']);
            $batch = $counts ? $this->batch($news, $context, $replay['refused'], $newer !== [], $stored) : null;
            $announced = $this->write($tracks, $replay['rows'], $batch, $after);
        }
        if ($replay['refused'] !== [] && $newer === []) {
            // The relay judges by the same rules: what it let through and the server does not is no accident. Beside a
            // newer launch it may be one.
            $context = \context_module::instance(get_coursemodule_from_instance('scorm', $this->scorm->id)->id);
            access_denied::of($context, "entry_{$replay['refused'][0]['reason']}")->trigger();
        }
        $again = updater::after_commit($this->scorm, $launch, $tracks, $announced);
        return [
            'ack' => $replay['session']['last_seq'],
            'status' => $newer === [] ? $replay['session']['status'] : 'superseded',
            'refused' => $replay['refused'],
            'navigation' => $replay['navigation'],
        ] + ($again === null ? [] : ['again_ms' => $again]);
    }

    /**
     * Writes tracks, history and launch record, or none of them.
     *
     * @param track_store $tracks
     * @param array[] $rows
     * @param batch|null $batch for the history
     * @param launch $after the launch as it is now
     * @return array[] rows that grades and completion depend on
     */
    private function write(track_store $tracks, array $rows, ?batch $batch, launch $after): array {
        global $DB;

        track_store::know_elements(array_column($rows, 'element'));
        $transaction = $DB->start_delegated_transaction();
        try {
            $announced = $tracks->write($rows);
            if ($batch !== null) {
                history::append($after, $batch);
            }
            if ($announced !== []) {
                due::expect($after->scormid, $after->userid);
            }
            launch_store::save($after);
            $transaction->allow_commit();
        } catch (\Throwable $e) {
            $transaction->rollback($e instanceof \Exception ? $e : new \coding_exception($e->getMessage()));
        }
        return $announced;
    }

    /**
     * The batch as the history keeps it.
     *
     * @param array[] $news entries
     * @param array $context
     * @param array[] $refused
     * @param bool $merged
     * @param array<string, string> $stored
     * @return batch
     */
    private function batch(array $news, array $context, array $refused, bool $merged, array $stored): batch {
        $launch = $this->launch;
        $knowslaunch = $launch->lastseq > 0 && history::knows_launch($launch->id);
        $knows = $knowslaunch || history::knows(sco_attempt::of($launch));
        return batch::of_commit(
            $news,
            $context,
            array_column($refused, 'seq'),
            $merged,
            // An attempt may be older than its history: from before the plugin kept one, or restored from a backup.
            $knows ? null : track_store::owned($stored),
            $knowslaunch || $launch->lastseq === 0 ? null : $launch->session()
        );
    }

    /**
     * What newer launches have written. Where it cannot be known, everything counts as written: the entries of the late
     * batch are in the history all the same.
     *
     * @param int[] $newer ids of launches
     * @return array as the data model takes it
     */
    private function written(array $newer): array {
        $written = new written();
        try {
            foreach (history::read(sco_attempt::of($this->launch), $newer) as $batch) {
                $written->add($batch);
            }
        } catch (\Scormbridge\SealException | \UnexpectedValueException $e) {
            $written->add_everything();
        }
        return written::together($written);
    }

    /**
     * The entries that are not stored yet. That they can be read has been seen to.
     *
     * @param string $entries
     * @param int $lastseq
     * @return array[]
     */
    private static function news(string $entries, int $lastseq): array {
        $batch = json_decode($entries, true, 8, JSON_THROW_ON_ERROR);
        return array_values(array_filter($batch, static fn(array $entry): bool => $entry['seq'] > $lastseq));
    }
}
