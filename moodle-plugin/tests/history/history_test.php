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

namespace local_externalscormbridge\history;

use local_externalscormbridge\event\history_differs;
use local_externalscormbridge\external\commit;
use local_externalscormbridge\fixtures\cdn_activity;
use local_externalscormbridge\fixtures\random_sessions;
use local_externalscormbridge\launch\launch;
use local_externalscormbridge\launch\store as launch_store;
use local_externalscormbridge\task\delete_old_launches;
use local_externalscormbridge\task\verify_history;

defined('MOODLE_INTERNAL') || die();

require_once(__DIR__ . '/../fixtures/cdn_activity.php');
require_once(__DIR__ . '/../fixtures/random_sessions.php');

/**
 * What SCOs report is written down, can be played again, and goes with its attempt.
 *
 * @covers \local_externalscormbridge\history\batch
 * @covers \local_externalscormbridge\history\integrity
 * @covers \local_externalscormbridge\history\replayer
 * @covers \local_externalscormbridge\history\store
 * @covers \local_externalscormbridge\history\written
 * @covers \local_externalscormbridge\records
 * @covers \local_externalscormbridge\task\delete_old_launches
 * @covers \local_externalscormbridge\task\verify_history
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class history_test extends \advanced_testcase {
    use cdn_activity;

    /**
     * An activity in which the learner has been.
     *
     * @param array<string, string> $values
     * @return array{\stdClass, launch}
     */
    private function played(array $values = ['cmi.core.lesson_location' => 'p3', 'cmi.suspend_data' => 'my secret']): array {
        $this->set_up_course();
        $scorm = $this->create_activity();
        $launch = $this->create_launch($scorm, 'lesson');
        commit::execute($launch->token, $this->journal($values));
        return [$scorm, $launch];
    }

    /**
     * Writes to a stored track past the plugin.
     *
     * @param string $element
     * @param string $value
     */
    private function overwrite(string $element, string $value): void {
        global $DB;

        $id = $DB->get_field('scorm_element', 'id', ['element' => $element], MUST_EXIST);
        $DB->set_field('scorm_scoes_value', 'value', $value, ['elementid' => $id]);
    }

    /**
     * Feature: external-scorm-bridge, Property 10: the history of an attempt, played from nothing, gives its final state,
     * with any number of launches whose batches come late, twice and mixed; and the time of all of them adds up.
     */
    public function test_property_10_replay_gives_the_final_state(): void {
        global $DB;

        $this->set_up_course();
        $activities = ['1.2' => $this->create_activity(), '2004' => $this->create_activity('course2004')];
        foreach ($activities as $version => $scorm) {
            $identifier = $version === '1.2' ? 'lesson' : 'first';
            for ($seed = 1; $seed <= 50; $seed++) {
                $random = new random_sessions($seed, (string) $version);
                $launches = [];
                $journals = [];
                for ($i = mt_rand(1, 3); $i > 0; $i--) {
                    $launches[] = $this->create_launch($scorm, $identifier, $seed);
                    $journals[] = $random->journal();
                }
                foreach ($random->deliveries($journals) as [$key, $batch]) {
                    $answer = commit::execute($launches[$key]->token, json_encode($batch, JSON_THROW_ON_ERROR));
                    $this->assertSame(end($batch)['seq'], max($answer['ack'], end($batch)['seq']));
                }
                $of = sco_attempt::of($launches[0]);
                $this->assertTrue(store::knows($of));
                $this->assertSame([], integrity::check($of), "SCORM {$version}, seed {$seed}");
                if ($version === '1.2') {
                    // In SCORM 2004 a launch that does not resume begins from nothing; see superseded_test for those.
                    $this->assertSame($this->seconds($journals), $this->total($scorm, $seed), "seed {$seed}");
                }
            }
        }
        $merged = $DB->count_records(store::TABLE, ['merged' => 1]);
        $this->assertGreaterThan(50, $merged, 'Some launches were overtaken, or the test shows nothing.');
    }

    /**
     * The time that SCOs have reported and that counts: the last of each session, once it has ended.
     *
     * @param array<int, array[]> $journals
     * @return int seconds
     */
    private function seconds(array $journals): int {
        $known = ['00:00:10' => 10, '00:01:30' => 90];
        $sum = 0;
        foreach ($journals as $journal) {
            $session = 0;
            foreach ($journal as $entry) {
                if (str_ends_with($entry['element'] ?? '', 'session_time')) {
                    $session = $known[$entry['value']] ?? $session;
                }
            }
            $sum += end($journal)['op'] === 'terminate' ? $session : 0;
        }
        return $sum;
    }

    /**
     * The total time that is stored.
     *
     * @param \stdClass $scorm
     * @param int $attempt
     * @return int seconds
     */
    private function total(\stdClass $scorm, int $attempt): int {
        $total = $this->stored($scorm, 'lesson', $attempt)['cmi.core.total_time'] ?? '0:0:0';
        [$hours, $minutes, $seconds] = explode(':', $total);
        return 3600 * (int) $hours + 60 * (int) $minutes + (int) $seconds;
    }

    /**
     * One row for each batch, in the order they came; a repetition adds none.
     */
    public function test_one_row_for_each_batch(): void {
        global $DB;

        [, $launch] = $this->played();
        $more = $this->journal(['cmi.core.student_id' => 'mallory', 'cmi.core.score.raw' => '90'], true, 5);
        commit::execute($launch->token, $more);
        commit::execute($launch->token, $more);
        $rows = array_values($DB->get_records(store::TABLE, null, 'id'));
        $this->assertEquals([[1, 4], [5, 7]], array_map(static fn($row) => [$row->firstseq, $row->lastseq], $rows));
        $batches = iterator_to_array(store::read(sco_attempt::of($launch)), false);
        $this->assertSame(['initialize', 'set', 'set', 'commit'], array_column($batches[0]->entries, 'op'));
        $this->assertSame([6, 7], array_column($batches[1]->entries, 'seq'), 'What was not accepted is not kept.');
        foreach ($rows as $row) {
            $this->assertStringStartsWith('esb1:', $row->data);
            $this->assertStringNotContainsString('my secret', base64_decode(strtr($row->data, '-_', '+/')));
        }
    }

    /**
     * A batch that does not fit into one sealed value has several rows, and comes back whole.
     */
    public function test_a_large_batch_has_several_rows(): void {
        global $DB;

        $this->set_up_course();
        $launch = $this->create_launch($this->create_activity(), 'lesson');
        mt_srand(1);
        $entries = [['seq' => 1, 'op' => 'initialize', 'at' => 0]];
        for ($seq = 2; $seq < 20; $seq++) {
            $value = bin2hex(random_bytes(30000));
            $entries[] = ['seq' => $seq, 'op' => 'set', 'element' => 'cmi.suspend_data', 'value' => $value, 'at' => 0];
        }
        $this->assertSame([], commit::execute($launch->token, json_encode($entries))['refused']);
        $this->assertGreaterThan(1, $DB->count_records(store::TABLE));
        $batches = iterator_to_array(store::read(sco_attempt::of($launch)), false);
        $this->assertCount(1, $batches);
        $this->assertSame($entries, $batches[0]->entries);
        $this->assertSame([], integrity::check(sco_attempt::of($launch)));

        $DB->delete_records(store::TABLE, ['part' => 1]);
        $this->assertSame(['' => integrity::DAMAGED], integrity::check(sco_attempt::of($launch)));
    }

    /**
     * Looking at a SCO leaves no history.
     */
    public function test_a_preview_leaves_no_history(): void {
        global $DB;

        $this->set_up_course();
        $launch = $this->create_launch($this->create_activity(), 'lesson', 1, 'browse');
        commit::execute($launch->token, $this->journal(['cmi.core.lesson_location' => 'p1']));
        $this->assertSame(0, $DB->count_records(store::TABLE));
    }

    /**
     * An attempt, even a launch, that is older than its history is checked from where the history begins.
     */
    public function test_history_of_an_older_attempt(): void {
        global $DB;

        [, $launch] = $this->played();
        $DB->delete_records(store::TABLE);
        $more = $this->journal(['cmi.core.score.raw' => '90', 'cmi.core.session_time' => '00:01:00'], true, 5);
        commit::execute($launch->token, $more);
        $this->assertSame([], integrity::check(sco_attempt::of($launch)));
        [$batch] = iterator_to_array(store::read(sco_attempt::of($launch)), false);
        $this->assertSame('p3', $batch->before['cmi.core.lesson_location']);
        $this->assertSame('running', $batch->session['status']);
    }

    /**
     * What an instructor changes about the rules does not change what happened before.
     */
    public function test_rules_are_those_of_their_time(): void {
        global $DB;

        $this->set_up_course();
        $scorm = $this->create_activity();
        $launch = $this->create_launch($scorm, 'lesson');
        commit::execute($launch->token, $this->journal(['cmi.core.score.raw' => '90'], true));
        $this->assertSame('passed', $this->stored($scorm, 'lesson')['cmi.core.lesson_status']);
        $DB->set_field('scorm_scoes_data', 'value', '95', ['scoid' => $launch->scoid, 'name' => 'masteryscore']);
        $this->assertSame([], integrity::check(sco_attempt::of($launch)));
    }

    /**
     * Whatever was done to the tables is found, and logged.
     */
    public function test_differences_are_found(): void {
        global $DB;

        [$scorm, $launch] = $this->played(['cmi.core.lesson_location' => 'p3', 'cmi.suspend_data' => 's', 'cmi.core.exit' => '']);
        $of = sco_attempt::of($launch);
        $this->assertSame([], integrity::check($of));
        $this->overwrite('cmi.core.lesson_location', 'p4');
        $sealed = $this->stored($scorm, 'lesson')['cmi.suspend_data'];
        $this->overwrite('cmi.suspend_data', substr($sealed, 0, -8) . 'AAAAAAAA');
        $exit = $DB->get_field('scorm_element', 'id', ['element' => 'cmi.core.lesson_status'], MUST_EXIST);
        $DB->delete_records('scorm_scoes_value', ['elementid' => $exit]);
        scorm_insert_track($this->learner->id, $scorm->id, $launch->scoid, 1, 'cmi.core.score.max', '100');

        $sink = $this->redirectEvents();
        $this->assertEquals([
            'cmi.core.lesson_location' => integrity::DIFFERS,
            'cmi.suspend_data' => integrity::UNREADABLE,
            'cmi.core.lesson_status' => integrity::MISSING,
            'cmi.core.score.max' => integrity::UNKNOWN,
        ], integrity::check($of));
        $events = array_filter($sink->get_events(), static fn($event) => $event instanceof history_differs);
        $event = reset($events);
        $this->assertSame(4, $event->other['count']);
        $this->assertSame((int) $this->learner->id, (int) $event->relateduserid);
        $this->assertStringContainsString('cmi.core.lesson_location differs', $event->get_description());
    }

    /**
     * A row of the history that was changed or moved does not open.
     */
    public function test_a_row_is_bound_to_its_place(): void {
        global $DB;

        [, $launch] = $this->played();
        $DB->set_field(store::TABLE, 'userid', get_admin()->id);
        $moved = new sco_attempt($launch->scormid, (int) get_admin()->id, $launch->scoid, 1);
        $this->assertSame(['' => integrity::DAMAGED], integrity::check($moved));
        $this->assertNull(integrity::check(sco_attempt::of($launch)), 'Nothing is left to check.');
    }

    /**
     * The task checks some at a time, goes on where it was, and begins again.
     */
    public function test_task_goes_on_and_begins_again(): void {
        $this->set_up_course();
        $scorm = $this->create_activity();
        for ($attempt = 1; $attempt <= 8; $attempt++) {
            $launch = $this->create_launch($scorm, 'lesson', $attempt);
            commit::execute($launch->token, $this->journal([]));
        }
        $outputs = [];
        for ($run = 0; $run < 3; $run++) {
            ob_start();
            $task = new verify_history();
            $task->set_per_run(5);
            $task->execute();
            $outputs[] = ob_get_clean();
        }
        $this->assertStringContainsString('5 attempts checked, 0 differ', $outputs[0]);
        $this->assertStringContainsString('3 attempts checked', $outputs[1]);
        $this->assertSame($outputs[0], $outputs[2]);
    }

    /**
     * History that is too old goes, an attempt at a time; launches stay as long as it does.
     */
    public function test_retention(): void {
        global $DB;

        $this->set_up_course();
        $scorm = $this->create_activity();
        $launches = [];
        foreach ([1, 2] as $attempt) {
            $launch = $this->create_launch($scorm, 'lesson', $attempt);
            commit::execute($launch->token, $this->journal([]));
            commit::execute($launch->token, $this->journal(['cmi.core.lesson_location' => 'p2'], false, 3));
            $launches[$attempt] = $launch;
        }
        set_config('launchlifetime', DAYSECS, 'local_externalscormbridge');
        set_config('historylifetime', WEEKSECS, 'local_externalscormbridge');
        $DB->set_field('local_externalscormbridge_launch', 'timemodified', time() - 2 * WEEKSECS);
        // Of the first attempt everything is old, of the second all but the last batch.
        $DB->set_field(store::TABLE, 'timecreated', time() - 2 * WEEKSECS, ['attempt' => 1]);
        $DB->set_field(store::TABLE, 'timecreated', time() - 2 * WEEKSECS, ['attempt' => 2, 'firstseq' => 1]);

        $this->expectOutputRegex('/history of 1 attempts deleted/');
        (new delete_old_launches())->execute();
        $this->assertFalse(store::knows(sco_attempt::of($launches[1])));
        $this->assertSame(2, $DB->count_records(store::TABLE, ['attempt' => 2]));
        $this->assertNull(launch_store::find($launches[1]->token));
        $this->assertNotNull(launch_store::find($launches[2]->token));

        set_config('historylifetime', 0, 'local_externalscormbridge');
        $DB->set_field(store::TABLE, 'timecreated', 1);
        (new delete_old_launches())->execute();
        $this->assertSame(2, $DB->count_records(store::TABLE));
    }

    /**
     * History goes with the attempt, the learner, the course's results.
     */
    public function test_history_goes_with_what_it_is_of(): void {
        global $DB;

        [$scorm] = $this->played();
        $second = $this->create_launch($scorm, 'lesson', 2);
        commit::execute($second->token, $this->journal([]));
        scorm_delete_attempt($this->learner->id, $scorm, 1);
        $this->assertSame([2], array_map('intval', $DB->get_fieldset(store::TABLE, 'attempt', [])));
        $this->setAdminUser();
        delete_user($this->learner);
        $this->assertSame(0, $DB->count_records(store::TABLE));
        $this->assertSame(0, $DB->count_records('local_externalscormbridge_launch'));

        $this->learner = $this->getDataGenerator()->create_and_enrol($this->course, 'student');
        $this->setUser($this->learner);
        commit::execute($this->create_launch($scorm, 'lesson')->token, $this->journal([]));
        $this->assertSame(1, $DB->count_records(store::TABLE));
        $this->setAdminUser();
        reset_course_userdata((object) ['id' => $this->course->id, 'courseid' => $this->course->id, 'reset_scorm' => 1]);
        $this->assertSame(0, $DB->count_records(store::TABLE));
    }
}
