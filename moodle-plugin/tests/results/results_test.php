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
use local_externalscormbridge\external\commit;
use local_externalscormbridge\fixtures\cdn_activity;
use local_externalscormbridge\fixtures\refusing_table;
use local_externalscormbridge\launch\launch;
use local_externalscormbridge\task\retry_results;
use local_externalscormbridge\task\update_results;

defined('MOODLE_INTERNAL') || die();

require_once(__DIR__ . '/../fixtures/cdn_activity.php');
require_once(__DIR__ . '/../fixtures/refusing_table.php');

/**
 * A gradebook that fails costs no results, is tried again, and is told of in the end.
 *
 * @covers \local_externalscormbridge\results\due
 * @covers \local_externalscormbridge\results\notice
 * @covers \local_externalscormbridge\results\updater
 * @covers \local_externalscormbridge\event\results_delayed
 * @covers \local_externalscormbridge\task\retry_results
 * @covers \local_externalscormbridge\task\update_results
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class results_test extends \advanced_testcase {
    use cdn_activity;
    use refusing_table;

    /**
     * Leaves the database as other tests want it.
     */
    protected function tearDown(): void {
        $this->accept_writes();
        parent::tearDown();
    }

    /**
     * An activity with a launch, outside of the test's own transaction.
     *
     * @return array{\stdClass, launch}
     */
    private function launched(): array {
        global $CFG;
        require_once("{$CFG->libdir}/gradelib.php");
        require_once("{$CFG->libdir}/completionlib.php");

        $this->preventResetByRollback();
        $this->set_up_course();
        $scorm = $this->create_activity('basic12', [
            'grademethod' => GRADEHIGHEST,
            'maxgrade' => 100,
            'completion' => COMPLETION_TRACKING_AUTOMATIC,
            'completionstatusrequired' => 2,
        ]);
        return [$scorm, $this->create_launch($scorm, 'lesson')];
    }

    /**
     * The learner's grade.
     *
     * @param \stdClass $scorm
     * @return float|null
     */
    private function grade(\stdClass $scorm): ?float {
        $grades = grade_get_grades($this->course->id, 'mod', 'scorm', $scorm->id, $this->learner->id);
        $grade = $grades->items[0]->grades[$this->learner->id]->grade ?? null;
        return $grade === null ? null : (float) $grade;
    }

    /**
     * Whether the activity counts as completed.
     *
     * @param \stdClass $scorm
     * @return bool
     */
    private function is_completed(\stdClass $scorm): bool {
        global $DB;

        $conditions = ['coursemoduleid' => $scorm->cmid, 'userid' => $this->learner->id];
        return (int) $DB->get_field('course_modules_completion', 'completionstate', $conditions) === COMPLETION_COMPLETE;
    }

    /**
     * Lets time pass until the next try.
     */
    private function pass_time(): void {
        global $DB;

        $DB->execute('UPDATE {local_externalscormbridge_due} SET nexttry = nexttry - 10');
    }

    /**
     * Runs the task that waits, as cron does.
     *
     * @return bool whether it came to its end
     */
    private function run_task(): bool {
        $tasks = \core\task\manager::get_adhoc_tasks(update_results::class);
        $this->assertCount(1, $tasks, 'One task, however often it failed.');
        ob_start();
        try {
            reset($tasks)->execute();
            return true;
        } catch (\moodle_exception $e) {
            $this->assertSame('error_results_due', $e->errorcode);
            return false;
        } finally {
            ob_end_clean();
        }
    }

    /**
     * Feature: external-scorm-bridge, Property 9: whatever fails and however often up to four times, the player is told
     * to call again after 1, 2, 4 and 8 seconds, tracks are stored from the first moment, and grade and completion arrive
     * at the last.
     */
    public function test_property_9_the_grade_arrives(): void {
        global $DB;

        [$scorm] = $this->launched();
        $failing = ['grade_grades', 'course_modules_completion'];
        for ($seed = 1; $seed <= 100; $seed++) {
            mt_srand($seed);
            $this->learner = $this->getDataGenerator()->create_and_enrol($this->course, 'student');
            $this->setUser($this->learner);
            $launch = $this->create_launch($scorm, 'lesson');
            $failures = mt_rand(1, 4);
            $score = mt_rand(80, 100);
            $this->refuse_writes($failing[mt_rand(0, 1)], "NEW.userid = {$this->learner->id}");

            $values = ['cmi.core.score.raw' => (string) $score, 'cmi.core.lesson_status' => 'passed'];
            $answer = commit::execute($launch->token, $this->journal($values, (bool) mt_rand(0, 1)));
            $asked = [$answer['again_ms']];
            $this->assertSame('passed', $this->stored($scorm, 'lesson')['cmi.core.lesson_status'], "seed {$seed}");
            $this->assertFalse($this->is_completed($scorm) && $this->grade($scorm) !== null);
            for ($try = 1; $try < $failures; $try++) {
                $this->pass_time();
                $asked[] = commit::execute($launch->token, '[]')['again_ms'];
            }
            $this->assertSame(array_slice([1000, 2000, 4000, 8000], 0, $failures), $asked, "seed {$seed}");

            $this->accept_writes();
            $this->pass_time();
            $answer = commit::execute($launch->token, '[]');
            $this->assertArrayNotHasKey('again_ms', $answer);
            $this->assertSame((float) $score, $this->grade($scorm), "seed {$seed}");
            $this->assertTrue($this->is_completed($scorm), "seed {$seed}");
            $this->assertSame(0, $DB->count_records(due::TABLE));
        }
    }

    /**
     * A call that comes too early tries nothing, and is told to come again.
     */
    public function test_early_calls_wait(): void {
        global $DB;

        [, $launch] = $this->launched();
        $this->refuse_writes('grade_grades');
        commit::execute($launch->token, $this->journal(['cmi.core.score.raw' => '90']));
        $DB->set_field(due::TABLE, 'nexttry', time() + 100);
        $this->assertSame(1000, commit::execute($launch->token, '[]')['again_ms']);
        $this->assertEquals(0, $DB->get_field(due::TABLE, 'tries', []));
    }

    /**
     * After the player's four tries the task goes on; when it gives up, those who teach are told, and nobody else.
     */
    public function test_in_the_end_instructors_are_told(): void {
        global $DB;

        [$scorm, $launch] = $this->launched();
        $teachers = [
            $this->getDataGenerator()->create_and_enrol($this->course, 'editingteacher'),
            $this->getDataGenerator()->create_and_enrol($this->course, 'teacher'),
        ];
        $this->getDataGenerator()->create_and_enrol($this->course, 'student');
        $this->refuse_writes('grade_grades');
        $events = $this->redirectEvents();
        $messages = $this->redirectMessages();
        commit::execute($launch->token, $this->journal(['cmi.core.score.raw' => '90'], true));
        for ($try = 1; $try <= 4; $try++) {
            $this->pass_time();
            $answer = commit::execute($launch->token, '[]');
        }
        $this->assertArrayNotHasKey('again_ms', $answer, 'The player has done its part.');
        for ($try = 5; $try < 8; $try++) {
            $this->assertFalse($this->run_task());
            $this->assertSame(0, $messages->count());
        }
        $this->assertTrue($this->run_task(), 'Moodle need not run it again.');
        $told = array_map(static fn(\stdClass $message): int => (int) $message->useridto, $messages->get_messages());
        $this->assertEqualsCanonicalizing(array_map('intval', array_column($teachers, 'id')), $told);
        [$message] = $messages->get_messages();
        $this->assertSame('resultsfailed', $message->eventtype);
        $this->assertStringContainsString(fullname($this->learner), $message->fullmessage);
        $this->assertStringContainsString("report.php?id={$scorm->cmid}", $message->contexturl);
        $delayed = array_values(array_filter(
            $events->get_events(),
            static fn(\core\event\base $event): bool => $event instanceof results_delayed
        ));
        $this->assertCount(9, $delayed);
        $this->assertTrue(end($delayed)->other['final']);
        $this->assertStringContainsString('dml_write_exception', $delayed[0]->get_description());
        $this->assertStringContainsString('dml_write_exception', $DB->get_field(due::TABLE, 'lasterror', []));
        $this->assertSame('90', $this->stored($scorm, 'lesson')['cmi.core.score.raw']);

        // The next result begins anew, and brings the grade.
        $this->accept_writes();
        $next = $this->create_launch($scorm, 'lesson');
        commit::execute($next->token, $this->journal(['cmi.core.score.raw' => '95']));
        $this->assertSame(95.0, $this->grade($scorm));
        $this->assertSame(0, $DB->count_records(due::TABLE));
    }

    /**
     * With separate groups only those who share one with the learner are told.
     */
    public function test_groups_are_respected(): void {
        [$scorm] = $this->launched();
        $generator = $this->getDataGenerator();
        $with = $generator->create_and_enrol($this->course, 'teacher');
        $without = $generator->create_and_enrol($this->course, 'teacher');
        $everywhere = $generator->create_and_enrol($this->course, 'editingteacher');
        $group = $generator->create_group(['courseid' => $this->course->id]);
        $other = $generator->create_group(['courseid' => $this->course->id]);
        groups_add_member($group, $this->learner);
        groups_add_member($group, $with);
        groups_add_member($other, $without);
        set_coursemodule_groupmode($scorm->cmid, SEPARATEGROUPS);
        $messages = $this->redirectMessages();
        $this->assertSame(2, notice::send($scorm, (int) $this->learner->id));
        $told = array_column($messages->get_messages(), 'useridto');
        $this->assertEqualsCanonicalizing([$with->id, $everywhere->id], $told);
    }

    /**
     * What a teacher has locked is no failure.
     */
    public function test_a_locked_grade_is_no_failure(): void {
        global $DB;

        [$scorm, $launch] = $this->launched();
        $item = \grade_item::fetch(['itemmodule' => 'scorm', 'iteminstance' => $scorm->id, 'itemtype' => 'mod']);
        $item->set_locked(1, false, false);
        $answer = commit::execute($launch->token, $this->journal(['cmi.core.score.raw' => '90']));
        $this->assertArrayNotHasKey('again_ms', $answer);
        $this->assertSame(0, $DB->count_records(due::TABLE));
    }

    /**
     * What leads to no grade waits for none.
     */
    public function test_what_leads_to_no_grade_waits_for_none(): void {
        global $DB;

        [$scorm, $launch] = $this->launched();
        $status = 'cmi.core.lesson_status';
        foreach ([['cmi.suspend_data' => 'x'], [$status => 'incomplete'], [$status => 'failed']] as $values) {
            $launch = $this->create_launch($scorm, 'lesson');
            $this->assertArrayNotHasKey('again_ms', commit::execute($launch->token, $this->journal($values)));
            $this->assertSame(0, $DB->count_records(due::TABLE));
            $this->assertNull($this->grade($scorm));
        }
    }

    /**
     * A gradebook that drops a grade without a word is found out.
     */
    public function test_a_silent_gradebook_is_found_out(): void {
        global $DB;

        if ($DB->get_dbfamily() !== 'postgres') {
            $this->markTestSkipped('Only PostgreSQL can be made to drop a row without a word.');
        }
        [$scorm, $launch] = $this->launched();
        commit::execute($launch->token, $this->journal(['cmi.core.score.raw' => '60']));
        $this->drop_updates('grade_grades');
        $answer = commit::execute($launch->token, $this->journal(['cmi.core.score.raw' => '70'], false, 4));
        $this->assertSame(1000, $answer['again_ms']);
        $error = $DB->get_field(due::TABLE, 'lasterror', []);
        $this->assertStringContainsString(get_string('error_grade_refused', 'local_externalscormbridge'), $error);
        $this->accept_writes();
        $this->pass_time();
        $this->assertArrayNotHasKey('again_ms', commit::execute($launch->token, '[]'));
        $this->assertSame(70.0, $this->grade($scorm));
    }

    /**
     * A request that died before it came to the gradebook is made up for.
     */
    public function test_a_dead_request_is_made_up_for(): void {
        global $DB;

        [$scorm, $launch] = $this->launched();
        $tracks = new \local_externalscormbridge\tracking\track_store(
            $launch->scormid,
            $launch->userid,
            $launch->scoid,
            $launch->attempt
        );
        $tracks->write([['element' => 'cmi.core.score.raw', 'value' => '85', 'class' => 'plain']]);
        due::expect($launch->scormid, $launch->userid);
        $this->assertNull($this->grade($scorm));
        (new retry_results())->execute();
        $this->assertSame([], \core\task\manager::get_adhoc_tasks(update_results::class), 'It may still be at it.');
        $DB->set_field(due::TABLE, 'nexttry', time() - HOURSECS);
        (new retry_results())->execute();
        $this->assertTrue($this->run_task());
        $this->assertSame(85.0, $this->grade($scorm));
        $this->assertSame(0, $DB->count_records(due::TABLE));
    }
}
