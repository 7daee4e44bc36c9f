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

namespace local_externalscormbridge\export;

use core\task\manager;
use local_externalscormbridge\event\access_denied;
use local_externalscormbridge\event\report_exported;
use local_externalscormbridge\external\commit;
use local_externalscormbridge\fixtures\cdn_activity;
use local_externalscormbridge\output\learner_report;
use local_externalscormbridge\report\activity;
use local_externalscormbridge\task\delete_old_launches;
use local_externalscormbridge\task\write_export;

defined('MOODLE_INTERNAL') || die();

require_once(__DIR__ . '/../fixtures/cdn_activity.php');

/**
 * Exports in the background: made with the rights of whoever asked, told of, handed to nobody else, and gone after a time.
 *
 * @covers \local_externalscormbridge\export\download
 * @covers \local_externalscormbridge\export\job
 * @covers \local_externalscormbridge\export\notice
 * @covers \local_externalscormbridge\export\selection
 * @covers \local_externalscormbridge\event\report_exported
 * @covers \local_externalscormbridge\task\delete_old_launches
 * @covers \local_externalscormbridge\task\write_export
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class job_test extends \advanced_testcase {
    use cdn_activity;

    /** @var \stdClass the activity */
    private \stdClass $scorm;

    /** @var \stdClass teacher of one group */
    private \stdClass $teacher;

    /** @var \stdClass[] two groups */
    private array $groups = [];

    /** @var \stdClass[] a learner of each group, and one of none */
    private array $learners = [];

    /**
     * Separate groups, with a teacher of the first.
     */
    private function set_up_groups(): void {
        global $DB;

        $this->set_up_course();
        $this->scorm = $this->create_activity('basic12', ['groupmode' => SEPARATEGROUPS]);
        $generator = $this->getDataGenerator();
        $this->groups = [
            $generator->create_group(['courseid' => $this->course->id]),
            $generator->create_group(['courseid' => $this->course->id]),
        ];
        foreach ([...$this->groups, null] as $group) {
            $this->learners[] = $this->learner = $generator->create_and_enrol($this->course, 'student');
            if ($group !== null) {
                groups_add_member($group, $this->learner);
            }
            $this->setUser($this->learner);
            $launch = $this->create_launch($this->scorm, 'lesson');
            commit::execute($launch->token, $this->journal(['cmi.suspend_data' => "of {$this->learner->id}"]));
        }
        $this->teacher = $generator->create_and_enrol($this->course, 'teacher');
        groups_add_member($this->groups[0], $this->teacher);
        $role = $DB->get_field('role', 'id', ['shortname' => 'teacher']);
        $context = \context_module::instance($this->scorm->cmid);
        assign_capability('moodle/site:accessallgroups', CAP_PROHIBIT, $role, $context->id, true);
        $this->setUser($this->teacher);
    }

    /**
     * What the current user wants.
     *
     * @param int $learner
     * @param int $group
     * @return request
     */
    private function request(int $learner = 0, int $group = 0): request {
        $selection = new selection(activity::of($this->scorm->cmid), $learner, $group);
        return new request($selection, [part::SUMMARY, part::VALUES], 'json');
    }

    /**
     * Runs the tasks that are queued.
     */
    private function run_tasks(): void {
        $user = clone $GLOBALS['USER'];
        ob_start();
        $this->runAdhocTasks(write_export::class);
        ob_end_clean();
        $this->setUser($user);
    }

    /**
     * Whose values a file holds.
     *
     * @param job $job
     * @return int[] ids of learners
     */
    private function learners_in(job $job): array {
        [$summary, $values] = json_decode($job->file()->get_content(), true, 16, JSON_THROW_ON_ERROR);
        $users = array_values(array_unique(array_map('intval', array_column($summary, 'userid'))));
        $this->assertEqualsCanonicalizing($users, array_unique(array_map('intval', array_column($values, 'userid'))));
        foreach ($values as $row) {
            if ($row['element'] === 'cmi.suspend_data') {
                $this->assertSame("of {$row['userid']}", $row['value']);
            }
        }
        return $users;
    }

    /**
     * A teacher of a group gets that group's learners and nobody else, with a message and an entry in the log.
     */
    public function test_an_export_is_made_and_told_of(): void {
        $this->set_up_groups();
        $job = job::queue($this->request());
        $this->assertSame(job::WAITING, $job->status());
        $this->assertNull($job->file());
        $messages = $this->redirectMessages();
        $events = $this->redirectEvents();
        $this->run_tasks();

        $job = job::find($job->id());
        $this->assertSame([job::DONE, ''], [$job->status(), $job->reason()]);
        $this->assertSame([(int) $this->learners[0]->id], $this->learners_in($job));
        $this->assertSame(100.0, $job->bar()->get_percent());
        $told = $messages->get_messages();
        $this->assertSame([(int) $this->teacher->id], array_map('intval', array_column($told, 'useridto')));
        $this->assertSame('exportended', $told[0]->eventtype);
        $logged = array_values(array_filter($events->get_events(), static fn($event) => $event instanceof report_exported));
        $this->assertCount(1, $logged);
        $this->assertSame((int) $this->teacher->id, (int) $logged[0]->userid);
        $expected = ['learners' => 1, 'group' => 0, 'parts' => ['summary', 'values'], 'format' => 'json'];
        $this->assertSame($expected, $logged[0]->other);
    }

    /**
     * Whoever may see all gets all, a group or a learner, as asked for.
     */
    public function test_whose_attempts_are_exported(): void {
        $this->set_up_groups();
        $this->setAdminUser();
        $ids = array_map(static fn(\stdClass $learner): int => (int) $learner->id, $this->learners);
        $jobs = [
            [job::queue($this->request()), $ids],
            [job::queue($this->request(0, (int) $this->groups[1]->id)), [$ids[1]]],
            [job::queue($this->request($ids[2])), [$ids[2]]],
        ];
        $this->run_tasks();
        foreach ($jobs as [$job, $expected]) {
            $this->assertEqualsCanonicalizing($expected, $this->learners_in(job::find($job->id())));
        }
    }

    /**
     * Whoever may not see a learner, a group or answers at all is refused, and that they tried is logged.
     */
    public function test_rights_are_asked_for(): void {
        $this->set_up_groups();
        $of = fn(int $learner, int $group): callable => fn() => $this->request($learner, $group)->selection->demand();
        $this->request()->selection->demand();
        $this->request((int) $this->learners[0]->id, (int) $this->groups[0]->id)->selection->demand();
        $this->assert_refused('learner_not_visible', $of((int) $this->learners[1]->id, 0));
        $this->assert_refused('group_not_visible', $of(0, (int) $this->groups[1]->id));
        $this->setUser($this->learners[0]);
        $this->assert_refused('no_viewreport', $of((int) $this->learners[0]->id, 0));
        $this->setUser($this->teacher);
        $this->prohibit(learner_report::ANSWERS);
        $this->assert_refused('no_viewresponses', $of(0, 0));
    }

    /**
     * Who has lost a right by the time that the task runs gets nothing but the reason.
     */
    public function test_rights_count_when_the_task_runs(): void {
        $this->set_up_groups();
        $job = job::queue($this->request());
        $this->prohibit(learner_report::ANSWERS);
        $messages = $this->redirectMessages();
        $this->run_tasks();
        $job = job::find($job->id());
        $this->assertSame(job::FAILED, $job->status());
        $this->assertNotSame('', $job->reason());
        $this->assertNull($job->file());
        $this->assertStringContainsString($job->reason(), $messages->get_messages()[0]->fullmessage);
        $this->assertCount(0, manager::get_adhoc_tasks(write_export::class), 'it does not try again by itself');
    }

    /**
     * A cancelled export ends, also in its middle, leaves no file, and can be repeated.
     */
    public function test_cancelling_and_repeating(): void {
        $this->set_up_groups();
        $this->setAdminUser();
        $job = job::queue($this->request());
        $job->cancel();
        $this->run_tasks();
        $this->assertSame(job::CANCELLED, job::find($job->id())->status());

        $job->repeat();
        $job->run($this->request()->selection);
        job::find($job->id())->cancel();
        try {
            document::write($this->request(), $job->advance(...));
            $this->fail('it went on');
        } catch (ended $e) {
            $this->assertNull($job->file());
        }
        $job->repeat();
        $this->run_tasks();
        $this->assertCount(3, $this->learners_in(job::find($job->id())));
        job::find($job->id())->repeat();
        $this->assertNull(job::find($job->id())->file());
        $this->run_tasks();
        $this->assertCount(3, $this->learners_in(job::find($job->id())));
    }

    /**
     * A process that died is not followed by others that die; the export says so.
     */
    public function test_an_interrupted_export_says_so(): void {
        $this->set_up_groups();
        $job = job::queue($this->request());
        $job->run($this->request()->selection);
        $this->redirectMessages();
        $this->run_tasks();
        $job = job::find($job->id());
        $this->assertSame(job::FAILED, $job->status());
        $this->assertSame(get_string('export_interrupted', 'local_externalscormbridge'), $job->reason());
    }

    /**
     * A file is handed to whoever asked for it alone, and only while they may see all that it may hold.
     */
    public function test_who_gets_the_file(): void {
        $this->set_up_groups();
        $this->redirectMessages();
        $job = job::queue($this->request());
        $this->run_tasks();
        $name = job::find($job->id())->file()->get_filename();
        $cm = get_coursemodule_from_id('scorm', $this->scorm->cmid);
        $get = fn(string ...$args): callable => fn() => download::file($cm, 'export', $args);
        $id = (string) $job->id();
        $this->assertSame($name, $get($id, $name)()->get_filename());
        $this->assertNull($get($id, 'other.json')());
        $this->assertNull($get($id)());
        $this->assertNull(download::file($cm, 'elsewhere', [$id, $name]));
        $this->assert_refused('export_unknown', $get('0', $name));

        $this->setUser($this->getDataGenerator()->create_and_enrol($this->course, 'editingteacher'));
        $this->assert_refused('export_of_another', $get($id, $name));
        $this->setUser($this->learners[0]);
        $this->assert_refused('no_viewreport', $get($id, $name));

        $this->setUser($this->teacher);
        groups_remove_member($this->groups[0], $this->teacher);
        groups_add_member($this->groups[1], $this->teacher);
        $this->assert_refused('export_holds_more', $get($id, $name));
    }

    /**
     * Exports go after their time, with their activity, and with whoever asked for them.
     */
    public function test_exports_are_forgotten(): void {
        global $DB;

        $this->set_up_groups();
        $this->redirectMessages();
        $jobs = [];
        foreach ([0, 1, 2] as $n) {
            $jobs[] = job::queue($this->request());
        }
        $this->setAdminUser();
        $jobs[] = job::queue($this->request());
        $this->run_tasks();
        $left = fn(): array => array_keys(array_filter($jobs, static fn(job $job): bool => job::find($job->id()) !== null));
        $files = static fn(): int => $DB->count_records_select(
            'files',
            "component = 'local_externalscormbridge' AND filename <> '.'"
        );
        $this->assertSame([4, 4], [count($left()), $files()]);
        $DB->set_field(job::TABLE, 'timemodified', time() - WEEKSECS - 1, ['id' => $jobs[1]->id()]);
        ob_start();
        (new delete_old_launches())->execute();
        ob_end_clean();
        $this->assertSame([[0, 2, 3], 3], [$left(), $files()]);
        delete_user($this->teacher);
        $this->assertSame([[3], 1], [$left(), $files()]);
        course_delete_module($this->scorm->cmid);
        $this->assertSame([[], 0], [$left(), $files()]);
        $bars = $DB->count_records_select('stored_progress', $DB->sql_like('idnumber', '?'), [job::TABLE . '%']);
        $this->assertSame(0, $bars);
    }

    /**
     * Checks that something is refused and logged.
     *
     * @param string $reason
     * @param callable $try
     */
    private function assert_refused(string $reason, callable $try): void {
        \course_modinfo::clear_instance_cache();
        $sink = $this->redirectEvents();
        try {
            $try();
            $this->fail("let in, though {$reason}");
        } catch (\moodle_exception $e) {
            $denied = array_filter($sink->get_events(), static fn($event) => $event instanceof access_denied);
            $this->assertSame([$reason], array_values(array_map(static fn($event) => $event->other['reason'], $denied)));
        }
        $sink->close();
    }

    /**
     * Takes a right away from the teacher.
     *
     * @param string $capability
     */
    private function prohibit(string $capability): void {
        global $DB;

        $role = $DB->get_field('role', 'id', ['shortname' => 'teacher']);
        $context = \context_module::instance($this->scorm->cmid);
        assign_capability($capability, CAP_PROHIBIT, $role, $context->id, true);
    }
}
