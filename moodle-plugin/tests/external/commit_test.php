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

use local_externalscormbridge\event\access_denied;
use local_externalscormbridge\fixtures\cdn_activity;
use local_externalscormbridge\launch\refused;
use local_externalscormbridge\launch\store;
use local_externalscormbridge\tracking\launch_context;
use local_externalscormbridge\tracking\track_store;

defined('MOODLE_INTERNAL') || die();

require_once(__DIR__ . '/../fixtures/cdn_activity.php');

/**
 * Who may store what, and that it arrives.
 *
 * @covers \local_externalscormbridge\external\commit
 * @covers \local_externalscormbridge\external\door
 * @covers \local_externalscormbridge\external\own_launch
 * @covers \local_externalscormbridge\tracking\committer
 * @covers \local_externalscormbridge\launch\attempt_policy
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class commit_test extends \advanced_testcase {
    use cdn_activity;

    /**
     * Asserts that a commit is refused, stores nothing and is logged.
     *
     * @param string $errorcode
     * @param string $logged reason in the log
     * @param string $token
     * @param string $entries
     */
    private function assert_refused(string $errorcode, string $logged, string $token, string $entries): void {
        global $DB;

        $before = $DB->get_records('scorm_scoes_value');
        $sink = $this->redirectEvents();
        try {
            commit::execute($token, $entries);
            $this->fail('The commit was accepted.');
        } catch (\moodle_exception $e) {
            $this->assertSame($errorcode, $e->errorcode);
        }
        $reasons = [];
        foreach ($sink->get_events() as $event) {
            if ($event instanceof access_denied) {
                $reasons[] = $event->other['reason'];
            }
        }
        $sink->close();
        $this->assertSame([$logged], $reasons);
        $this->assertEquals($before, $DB->get_records('scorm_scoes_value'));
    }

    /**
     * A SCORM 1.2 session arrives in mod_scorm's tables and in the gradebook.
     */
    public function test_a_session_arrives(): void {
        global $CFG;
        require_once("{$CFG->libdir}/gradelib.php");

        $this->set_up_course();
        $scorm = $this->create_activity('basic12', ['grademethod' => GRADEHIGHEST, 'maxgrade' => 100]);
        $launch = $this->create_launch($scorm, 'lesson');
        $answer = \core_external\external_api::clean_returnvalue(commit::execute_returns(), commit::execute(
            $launch->token,
            $this->journal([
                'cmi.core.lesson_location' => 'p3',
                'cmi.core.score.raw' => '90',
                'cmi.core.lesson_status' => 'completed',
                'cmi.suspend_data' => 'a=1',
                'cmi.core.session_time' => '00:01:30',
                'cmi.core.student_id' => 'mallory',
            ], true)
        ));

        $this->assertSame(8, $answer['ack']);
        $this->assertSame('terminated', $answer['status']);
        $this->assertSame([7], array_column($answer['refused'], 'seq'));
        $this->assertSame(403, $answer['refused'][0]['code']);
        $stored = $this->stored($scorm, 'lesson');
        $this->assertSame('p3', $stored['cmi.core.lesson_location']);
        $this->assertSame('90', $stored['cmi.core.score.raw']);
        $this->assertSame('passed', $stored['cmi.core.lesson_status'], 'mastery score 80');
        $this->assertStringStartsWith('esb1:', $stored['cmi.suspend_data']);
        $this->assertArrayNotHasKey('cmi.core.student_id', $stored);
        $grades = grade_get_grades($this->course->id, 'mod', 'scorm', $scorm->id, $this->learner->id);
        $this->assertEquals(90, $grades->items[0]->grades[$this->learner->id]->grade);
    }

    /**
     * A SCORM 2004 session arrives as well.
     */
    public function test_a_2004_session_arrives(): void {
        $this->set_up_course();
        $scorm = $this->create_activity('course2004');
        $launch = $this->create_launch($scorm, 'first');
        $answer = commit::execute($launch->token, $this->journal([
            'cmi.score.scaled' => '0.7',
            'cmi.completion_status' => 'completed',
            'cmi.interactions.0.id' => 'q1',
            'cmi.interactions.0.type' => 'true-false',
            'cmi.interactions.0.learner_response' => 'true',
            'cmi.exit' => 'suspend',
        ], true));
        $this->assertSame([], $answer['refused']);
        $stored = $this->stored($scorm, 'first');
        $this->assertSame('completed', $stored['cmi.completion_status']);
        $this->assertSame('passed', $stored['cmi.success_status'], 'scaled passing score 0.6');
        $this->assertStringStartsWith('esb1:', $stored['cmi.interactions.0.learner_response']);
        $this->assertSame([], $this->stored($scorm, 'second'));
    }

    /**
     * Feature: external-scorm-bridge, Property 6: suspend data of one session is the suspend data of the next.
     */
    public function test_property_6_suspend_data_round_trip(): void {
        global $DB;

        $this->set_up_course();
        $scorm = $this->create_activity();
        for ($i = 0; $i < 100; $i++) {
            $value = '';
            for ($left = $i === 0 ? 30000 : random_int(1, 300); $left > 0; $left--) {
                $point = random_int(0, 16) * 0x10000 + random_int(0x20, 0xD7FF);
                $value .= mb_chr($point, 'UTF-8');
            }
            $launch = $this->create_launch($scorm, 'lesson');
            $answer = commit::execute($launch->token, $this->journal(['cmi.suspend_data' => $value], true));
            $this->assertSame([], $answer['refused']);

            $next = $this->create_launch($scorm, 'lesson');
            $stored = (new track_store($next->scormid, $next->userid, $next->scoid, 1))->read();
            $learner = $DB->get_record('user', ['id' => $this->learner->id]);
            $seed = \Scormbridge\DataModel::seed(launch_context::of($scorm, $next, $learner), $stored);
            $this->assertSame($value, array_column($seed['elements'], 1, 0)['cmi.suspend_data']);
        }
    }

    /**
     * Feature: external-scorm-bridge, Property 11: every SCO can be launched, and what happens in one is stored for it alone.
     */
    public function test_property_11_scos_are_tracked_apart(): void {
        $this->set_up_course();
        mt_srand(11);
        foreach (['basic12' => 'cmi.core.lesson_location', 'course2004' => 'cmi.location'] as $package => $location) {
            $scorm = $this->create_activity($package);
            $scos = $package === 'basic12' ? ['lesson', 'leaflet'] : ['first', 'second'];
            $launches = [];
            $sent = [];
            $expected = [];
            foreach ($scos as $sco) {
                $launches[$sco] = $this->create_launch($scorm, $sco);
                $sent[$sco] = 0;
                $expected[$sco] = [];
            }
            // Both are open at once, as in two windows, and take turns at random.
            for ($i = 0; $i < 100; $i++) {
                $sco = $scos[mt_rand(0, 1)];
                $values = array_filter([
                    $location => 'p' . mt_rand(0, 5),
                    'cmi.suspend_data' => str_repeat(chr(mt_rand(97, 122)), mt_rand(1, 40)),
                ], static fn() => mt_rand(0, 2) > 0);
                $answer = commit::execute($launches[$sco]->token, $this->journal($values, false, $sent[$sco] + 1));
                $this->assertSame([], $answer['refused']);
                $sent[$sco] = $answer['ack'];
                $expected[$sco] = $values + $expected[$sco];
                foreach ($scos as $each) {
                    $scoid = $this->sco_id($scorm, $each);
                    $stored = (new track_store((int) $scorm->id, (int) $this->learner->id, $scoid, 1))->read();
                    $found = array_intersect_key($stored, [$location => 0, 'cmi.suspend_data' => 0]);
                    ksort($found);
                    ksort($expected[$each]);
                    $this->assertSame($expected[$each], $found, $each);
                }
            }
        }
    }

    /**
     * The same batch twice changes nothing the second time, a batch that begins in the past stores only its news.
     */
    public function test_replayed_batches_change_nothing(): void {
        $this->set_up_course();
        $scorm = $this->create_activity();
        $launch = $this->create_launch($scorm, 'lesson');
        $first = $this->journal(['cmi.core.lesson_location' => 'p1']);
        $this->assertSame(3, commit::execute($launch->token, $first)['ack']);
        $stored = $this->stored($scorm, 'lesson');
        $this->assertSame(3, commit::execute($launch->token, $first)['ack']);
        $this->assertSame($stored, $this->stored($scorm, 'lesson'));

        $longer = $this->journal(['cmi.core.lesson_location' => 'p1', 'cmi.core.exit' => 'suspend']);
        $this->assertSame(4, commit::execute($launch->token, $longer)['ack']);
    }

    /**
     * A batch that leaves entries out is refused as a whole.
     */
    public function test_a_gap_is_refused(): void {
        $this->set_up_course();
        $scorm = $this->create_activity();
        $launch = $this->create_launch($scorm, 'lesson');
        commit::execute($launch->token, $this->journal(['cmi.core.lesson_location' => 'p1']));
        $late = $this->journal(['cmi.core.lesson_location' => 'p9'], false, 6);
        $this->assert_refused('error_journal_gap', 'journal_gap', $launch->token, $late);
        $this->assertSame(3, store::find($launch->token)->lastseq);
    }

    /**
     * What is no journal is refused.
     */
    public function test_what_is_no_journal_is_refused(): void {
        $this->set_up_course();
        $launch = $this->create_launch($this->create_activity(), 'lesson');
        $this->assert_refused('error_journal_not_json', 'journal_not_json', $launch->token, 'nonsense');
        $this->assert_refused('error_journal_shape', 'journal_shape', $launch->token, '{}');
    }

    /**
     * Another learner's launch does not exist.
     */
    public function test_a_launch_of_another_is_refused(): void {
        $this->set_up_course();
        $scorm = $this->create_activity();
        $launch = $this->create_launch($scorm, 'lesson');
        $this->setUser($this->getDataGenerator()->create_and_enrol($this->course, 'student'));
        $this->assert_refused('error_launch_unknown', 'launch_of_another', $launch->token, $this->journal([]));
    }

    /**
     * A token that nobody issued is refused.
     */
    public function test_an_unknown_launch_is_refused(): void {
        $this->set_up_course();
        $this->create_activity();
        $this->assert_refused('error_launch_unknown', 'launch_unknown', str_repeat('0', 32), $this->journal([]));
    }

    /**
     * Feature: external-scorm-bridge, Property 23: who is not enrolled any more stores nothing.
     */
    public function test_an_unenrolled_learner_is_refused(): void {
        global $DB;

        $this->set_up_course();
        $launch = $this->create_launch($this->create_activity(), 'lesson');
        $instance = $DB->get_record('enrol', ['courseid' => $this->course->id, 'enrol' => 'manual'], '*', MUST_EXIST);
        enrol_get_plugin('manual')->unenrol_user($instance, $this->learner->id);
        $this->setUser($this->learner);
        $this->assert_refused('error_not_enrolled', 'not_enrolled', $launch->token, $this->journal([]));
    }

    /**
     * An activity that becomes hidden or restricted while a learner plays stores nothing more.
     *
     * @dataProvider obstacles
     * @param array $settings of the course module
     */
    public function test_an_activity_that_closes_its_door_is_refused(array $settings): void {
        global $DB;

        $this->set_up_course();
        set_config('enableavailability', 1);
        $scorm = $this->create_activity();
        $launch = $this->create_launch($scorm, 'lesson');
        commit::execute($launch->token, $this->journal(['cmi.core.lesson_location' => 'p1']));

        $DB->update_record('course_modules', ['id' => $scorm->cmid] + $settings);
        rebuild_course_cache($this->course->id);
        $more = $this->journal(['cmi.core.lesson_location' => 'p2'], false, 4);
        $this->assert_refused('error_not_available', 'not_available', $launch->token, $more);
        $this->assertSame('p1', $this->stored($scorm, 'lesson')['cmi.core.lesson_location']);
    }

    /**
     * What keeps a learner out.
     *
     * @return array
     */
    public static function obstacles(): array {
        $tomorrow = ['type' => 'date', 'd' => '>=', 't' => 4102444800];
        return [
            'hidden' => [['visible' => 0]],
            'restricted' => [['availability' => json_encode(['op' => '&', 'c' => [$tomorrow], 'showc' => [true]])]],
        ];
    }

    /**
     * As in mod_scorm, the closing time is a time to enter by: who entered before it may finish.
     */
    public function test_a_session_may_outlast_the_closing_time(): void {
        global $DB;

        $this->set_up_course();
        $scorm = $this->create_activity();
        $launch = $this->create_launch($scorm, 'lesson');
        $DB->set_field('scorm', 'timeclose', time() - 1, ['id' => $scorm->id]);
        commit::execute($launch->token, $this->journal(['cmi.core.lesson_location' => 'p1'], true));
        $this->assertSame('p1', $this->stored($scorm, 'lesson')['cmi.core.lesson_location']);
    }

    /**
     * Without the right to save nothing is saved.
     */
    public function test_without_the_capability_nothing_is_saved(): void {
        global $DB;

        $this->set_up_course();
        $scorm = $this->create_activity();
        $launch = $this->create_launch($scorm, 'lesson');
        $role = $DB->get_field('role', 'id', ['shortname' => 'student']);
        assign_capability('mod/scorm:savetrack', CAP_PROHIBIT, $role, \context_module::instance($scorm->cmid)->id);
        $this->assert_refused('error_no_savetrack', 'no_savetrack', $launch->token, $this->journal([]));
    }

    /**
     * Browsing and reviewing are answered and stored nowhere.
     *
     * @dataProvider modes_without_credit
     * @param string $mode
     */
    public function test_modes_without_credit_store_nothing(string $mode): void {
        $this->set_up_course();
        $scorm = $this->create_activity();
        $launch = $this->create_launch($scorm, 'lesson', 1, $mode);
        $journal = $this->journal(['cmi.core.score.raw' => '90', 'cmi.core.lesson_status' => 'passed'], true);
        $answer = commit::execute($launch->token, $journal);
        $this->assertSame(4, $answer['ack']);
        $this->assertSame('terminated', $answer['status']);
        $this->assertSame([], $this->stored($scorm, 'lesson'));
    }

    /**
     * Modes in which nothing counts.
     *
     * @return array
     */
    public static function modes_without_credit(): array {
        return ['browse' => ['browse'], 'review' => ['review']];
    }

    /**
     * An attempt beyond the maximum goes on only if mod_scorm has begun it.
     */
    public function test_attempts_beyond_the_maximum_are_refused(): void {
        $this->set_up_course();
        $scorm = $this->create_activity('basic12', ['maxattempt' => 1]);
        $launch = $this->create_launch($scorm, 'lesson', 2);
        $this->assert_refused('error_attempt_limit', 'attempt_limit', $launch->token, $this->journal([]));
        scorm_insert_track($this->learner->id, $scorm->id, $launch->scoid, 2, 'x.start.time', time());
        $this->assertSame(2, commit::execute($launch->token, $this->journal([]))['ack']);
    }

    /**
     * A deleted attempt does not come back through a window that is still open.
     */
    public function test_a_deleted_attempt_stays_deleted(): void {
        $this->set_up_course();
        $scorm = $this->create_activity();
        $launch = $this->create_launch($scorm, 'lesson');
        commit::execute($launch->token, $this->journal(['cmi.core.lesson_location' => 'p1']));
        scorm_delete_attempt($this->learner->id, $scorm, 1);
        $more = $this->journal(['cmi.core.lesson_location' => 'p2'], false, 4);
        $this->assert_refused('error_launch_unknown', 'launch_unknown', $launch->token, $more);
        $this->assertSame([], $this->stored($scorm, 'lesson'));
    }

    /**
     * Neither does one that went with the reset of its course.
     */
    public function test_a_reset_attempt_stays_deleted(): void {
        $this->set_up_course();
        $scorm = $this->create_activity();
        $launch = $this->create_launch($scorm, 'lesson');
        commit::execute($launch->token, $this->journal(['cmi.core.lesson_location' => 'p1']));
        $this->setAdminUser();
        reset_course_userdata((object) ['id' => $this->course->id, 'courseid' => $this->course->id, 'reset_scorm' => 1]);
        $this->setUser($this->learner);
        $more = $this->journal(['cmi.core.lesson_location' => 'p2'], false, 4);
        $this->assert_refused('error_launch_unknown', 'launch_unknown', $launch->token, $more);
        $this->assertSame([], $this->stored($scorm, 'lesson'));
    }

    /**
     * Values that PHP holds for equal are told apart, down to the last byte.
     */
    public function test_alike_values_are_told_apart(): void {
        $this->set_up_course();
        $scorm = $this->create_activity();
        foreach (['1', '01', '1e0', '1.0', '1'] as $value) {
            $launch = $this->create_launch($scorm, 'lesson');
            commit::execute($launch->token, $this->journal(['cmi.core.lesson_location' => $value], true));
            $this->assertSame($value, $this->stored($scorm, 'lesson')['cmi.core.lesson_location']);
        }
    }

    /**
     * "Force completed" does what it does in mod_scorm.
     */
    public function test_force_completed(): void {
        $this->set_up_course();
        $scorm = $this->create_activity('course2004', ['forcecompleted' => 1]);
        $first = $this->create_activity('basic12', ['forcecompleted' => 1, 'masteryoverride' => 0]);
        $launch = $this->create_launch($first, 'lesson');
        $values = ['cmi.core.lesson_status' => 'incomplete', 'cmi.core.score.raw' => '10'];
        commit::execute($launch->token, $this->journal($values, true));
        $this->assertSame('completed', $this->stored($first, 'lesson')['cmi.core.lesson_status']);
        $this->assertSame([], $this->stored($scorm, 'first'));
    }
}
