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

namespace local_externalscormbridge;

use local_externalscormbridge\export\part;
use local_externalscormbridge\external\commit;
use local_externalscormbridge\fixtures\cdn_activity;
use local_externalscormbridge\fixtures\exported;
use local_externalscormbridge\history\integrity;
use local_externalscormbridge\history\sco_attempt;
use local_externalscormbridge\package\pending;
use local_externalscormbridge\package\store as package_store;
use local_externalscormbridge\report\activity;
use local_externalscormbridge\report\filter;
use local_externalscormbridge\report\rows;

defined('MOODLE_INTERNAL') || die();

require_once(__DIR__ . '/fixtures/cdn_activity.php');
require_once(__DIR__ . '/fixtures/exported.php');

/**
 * Each way to copy an activity or its course: with learners, their report is the same; without, there are none; and either
 * way it can be played.
 *
 * @covers \backup_local_externalscormbridge_plugin
 * @covers \restore_local_externalscormbridge_plugin
 * @covers \local_externalscormbridge\backup\sealed_tracks
 * @covers \local_externalscormbridge\backup\sealed_tracks_element
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class copies_test extends \advanced_testcase {
    use cdn_activity;

    /** Suspend data with what XML cannot hold. */
    private const SECRET = "p=3\x01\x1f\u{1F680}";

    /** When the learners were there. */
    private const LONG_AGO = 1700000000;

    /** @var \stdClass[] three of them */
    private array $learners = [];

    /**
     * Two activities in which three learners have been, in one or two attempts.
     *
     * @return \stdClass[] the activities
     */
    private function played_activities(): array {
        global $CFG, $DB;
        require_once("{$CFG->dirroot}/backup/util/includes/backup_includes.php");
        require_once("{$CFG->dirroot}/backup/util/includes/restore_includes.php");

        $this->set_up_course();
        $CFG->backup_file_logger_level = \backup::LOG_NONE;
        $old = $this->create_activity('basic12', ['name' => 'Old']);
        $new = $this->create_activity('course2004', ['name' => 'New']);
        foreach (['Ana', 'Ben', 'Cem'] as $n => $name) {
            $person = ['firstname' => $name];
            $this->learners[] = $this->learner = $this->getDataGenerator()->create_and_enrol($this->course, 'student', $person);
            $this->setUser($this->learner);
            for ($attempt = 1; $attempt <= 1 + $n % 2; $attempt++) {
                $this->play($old, 'lesson', $attempt, [
                    'cmi.core.lesson_location' => "p{$n}",
                    'cmi.suspend_data' => self::SECRET . "{$n} in {$attempt}",
                    'cmi.core.lesson_status' => ['passed', 'failed', 'incomplete'][$n],
                    'cmi.core.score.raw' => (string) (10 * $n + $attempt),
                    'cmi.core.score.max' => '40',
                    'cmi.core.session_time' => "00:0{$n}:10",
                    'cmi.comments' => "Good, says {$name}",
                    'cmi.interactions.0.id' => 'q1',
                    'cmi.interactions.0.student_response' => "a{$n}",
                ]);
            }
            $this->play($new, 'first', 1, [
                'cmi.completion_status' => 'completed',
                'cmi.score.scaled' => "0.{$n}",
                'cmi.progress_measure' => "0.{$n}5",
                'cmi.suspend_data' => str_repeat(self::SECRET, 2000),
                'cmi.interactions.0.id' => 'urn:q:1',
                'cmi.interactions.0.type' => 'fill-in',
                'cmi.interactions.0.learner_response' => "answer of {$name}",
                'cmi.objectives.1.id' => 'urn:o:1',
            ]);
        }
        $DB->set_field('scorm_scoes_value', 'timemodified', self::LONG_AGO);
        $DB->set_field('local_externalscormbridge_launch', 'timemodified', self::LONG_AGO);
        $this->setAdminUser();
        return ['Old' => $old, 'New' => $new];
    }

    /**
     * The learner plays a SCO.
     *
     * @param \stdClass $scorm
     * @param string $sco
     * @param int $attempt
     * @param array<string, string> $values
     */
    private function play(\stdClass $scorm, string $sco, int $attempt, array $values): void {
        $answer = commit::execute($this->create_launch($scorm, $sco, $attempt)->token, $this->journal($values, true));
        $this->assertSame([], $answer['refused']);
    }

    /**
     * Everything that the report tells of an activity.
     *
     * @param int $cmid
     * @return array rows of the live report, and of each part of an export but the history
     */
    private function report(int $cmid): array {
        global $DB;

        $activity = activity::of($cmid);
        $identifiers = $DB->get_records_menu('scorm_scoes', ['scorm' => $activity->scorm->id], '', 'id, identifier');
        $found = ['live' => []];
        $sort = ['firstname' => SORT_ASC, 'attempt' => SORT_ASC, 'sco' => SORT_ASC];
        foreach ((new rows($activity, new filter()))->page($sort, 0, 1000) as $row) {
            $found['live'][] = [
                $row->userid, $row->firstname, $row->attempt, $identifiers[$row->scoid], $row->title, $row->outcome->status(),
                $row->outcome->score(), $row->outcome->progress(), $row->outcome->time(), $row->lastactive, $row->due,
            ];
        }
        foreach ([part::SUMMARY, part::VALUES, part::INTERACTIONS, part::OBJECTIVES] as $part) {
            $found[$part->value] = exported::rows($cmid, $part, 'json');
        }
        array_walk($found, static function (array &$rows): void {
            $rows = array_map(static fn(array $row): string => json_encode($row, JSON_THROW_ON_ERROR), $rows);
            sort($rows);
        });
        return $found;
    }

    /**
     * The copies in a course.
     *
     * @param int $courseid
     * @return \stdClass[] activities by name, with their cmid
     */
    private function activities(int $courseid): array {
        $found = [];
        foreach (get_fast_modinfo($courseid)->get_instances_of('scorm') as $cm) {
            $found[$cm->name] = (object) ['id' => (int) $cm->instance, 'cmid' => (int) $cm->id];
        }
        return $found;
    }

    /**
     * Backs the course up and restores it.
     *
     * @param bool $users
     * @param int $courseid to restore into, 0 for a new course
     * @return int id of the course that it was restored into
     */
    private function restore(bool $users, int $courseid = 0): int {
        global $USER;

        $format = [\backup::TYPE_1COURSE, $this->course->id, \backup::FORMAT_MOODLE, \backup::INTERACTIVE_NO];
        $backup = new \backup_controller(...$format, ...[\backup::MODE_IMPORT, $USER->id]);
        if ($users) {
            $backup->get_plan()->get_setting('users')->set_status(\backup_setting::NOT_LOCKED);
            $backup->get_plan()->get_setting('users')->set_value(true);
        }
        $id = $backup->get_backupid();
        $backup->execute_plan();
        $backup->destroy();
        $target = $courseid === 0 ? \backup::TARGET_NEW_COURSE : \backup::TARGET_CURRENT_ADDING;
        $mode = $courseid === 0 ? \backup::MODE_GENERAL : \backup::MODE_IMPORT;
        $courseid = $courseid ?: \restore_dbops::create_new_course('Copy', 'copy', $this->course->category);
        $restore = new \restore_controller($id, $courseid, \backup::INTERACTIVE_NO, $mode, $USER->id, $target);
        $this->assertTrue($restore->execute_precheck());
        $restore->execute_plan();
        $restore->destroy();
        return $courseid;
    }

    /**
     * Enrols the learner in the course of a copy, which has been made by nobody's hand.
     *
     * @param \stdClass $copy
     */
    private function let_in(\stdClass $copy): void {
        global $DB;

        $course = get_course(get_coursemodule_from_id('scorm', $copy->cmid)->course);
        if (!$DB->record_exists('enrol', ['courseid' => $course->id, 'enrol' => 'manual'])) {
            enrol_get_plugin('manual')->add_default_instance($course);
        }
        $this->getDataGenerator()->enrol_user($this->learner->id, $course->id);
    }

    /**
     * Checks that copies have the package and the SCOs of the originals, no learners, and can be played.
     *
     * @param \stdClass[] $originals
     * @param \stdClass[] $copies
     * @param bool $haslearners
     */
    private function assert_playable(array $originals, array $copies, bool $haslearners): void {
        global $DB;

        $this->assertEqualsCanonicalizing(array_keys($originals), array_keys($copies));
        foreach ($copies as $name => $copy) {
            $original = (int) $originals[$name]->id;
            $this->assertNotSame($original, $copy->id);
            $package = (array) package_store::find($original);
            $this->assertSame(['scormid' => $copy->id] + $package, (array) package_store::find($copy->id));
            $columns = 'identifier, parent, organization, launch, scormtype, title, sortorder';
            $scoes = static fn(int $id): array
                => array_values($DB->get_records('scorm_scoes', ['scorm' => $id], 'sortorder, id', $columns));
            $this->assertEquals($scoes($original), $scoes($copy->id));
            if (!$haslearners) {
                $this->assertSame(0, $DB->count_records('scorm_attempt', ['scormid' => $copy->id]));
            }
            foreach ([...records::TABLES, export\job::TABLE] as $table) {
                $this->assertSame(0, $DB->count_records($table, ['scormid' => $copy->id]), $table);
            }
            $this->learner = $this->learners[0];
            $this->let_in($copy);
            $this->setUser($this->learner);
            [$sco, $location] = $name === 'Old' ? ['lesson', 'cmi.core.lesson_location'] : ['first', 'cmi.location'];
            $this->play($copy, $sco, 1, [$location => 'further', 'cmi.suspend_data' => 'more']);
            $of = new sco_attempt($copy->id, (int) $this->learner->id, $this->sco_id($copy, $sco), 1);
            $this->assertSame([], integrity::check($of), 'its history begins with what was restored, and agrees');
            $this->setAdminUser();
        }
    }

    /**
     * A restored course with three learners has the same report, with every secret sealed anew and readable.
     */
    public function test_backup_and_restore_with_learners(): void {
        global $DB;

        $originals = $this->played_activities();
        $reports = array_map(fn(\stdClass $scorm): array => $this->report($scorm->cmid), $originals);
        $this->assertCount(8, $reports['Old']['live'], 'four attempts, two parts each');
        $copies = $this->activities($this->restore(true));
        foreach ($copies as $name => $copy) {
            $this->assertSame($reports[$name], $this->report($copy->cmid), $name);
        }
        foreach ($this->learners as $this->learner) {
            $sealed = $this->stored($copies['Old'], 'lesson')['cmi.suspend_data'];
            $this->assertStringStartsWith('esb1:', $sealed);
            $this->assertNotSame($this->stored($originals['Old'], 'lesson')['cmi.suspend_data'], $sealed);
        }
        $this->assert_playable($originals, $copies, true);
        $after = array_map(fn(\stdClass $scorm): array => $this->report($scorm->cmid), $originals);
        $this->assertSame($reports, $after, 'the original is as it was');
    }

    /**
     * A restored activity can be backed up and restored again: nothing wears off.
     */
    public function test_a_copy_of_a_copy(): void {
        $originals = $this->played_activities();
        $reports = array_map(fn(\stdClass $scorm): array => $this->report($scorm->cmid), $originals);
        $this->course = get_course($this->restore(true));
        foreach ($this->activities($this->restore(true)) as $name => $copy) {
            $this->assertSame($reports[$name], $this->report($copy->cmid), $name);
        }
    }

    /**
     * A backup without learners has none.
     */
    public function test_backup_and_restore_without_learners(): void {
        $originals = $this->played_activities();
        $this->assert_playable($originals, $this->activities($this->restore(false)), false);
    }

    /**
     * A duplicate plays the same package, for nobody yet. What waits for the original does not wait for it.
     */
    public function test_duplicating_an_activity(): void {
        $originals = $this->played_activities();
        foreach ($originals as $name => $original) {
            pending::keep((int) $original->id, $this->probe('course2004'));
            $duplicate = duplicate_module($this->course, get_fast_modinfo($this->course)->get_cm($original->cmid));
            $copy = (object) ['id' => (int) $duplicate->instance, 'cmid' => (int) $duplicate->id];
            $this->assert_playable([$name => $original], [$name => $copy], false);
            $this->assertNull(pending::find((int) $copy->id));
        }
    }

    /**
     * Importing into another course brings the activities and nobody's work.
     */
    public function test_importing_into_another_course(): void {
        $originals = $this->played_activities();
        $course = $this->getDataGenerator()->create_course();
        $this->restore(false, (int) $course->id);
        $this->assert_playable($originals, $this->activities((int) $course->id), false);
    }

    /**
     * Copying a course takes learners along if asked to, and not otherwise.
     */
    public function test_copying_a_course(): void {
        global $DB;

        $originals = $this->played_activities();
        $reports = array_map(fn(\stdClass $scorm): array => $this->report($scorm->cmid), $originals);
        $student = $DB->get_field('role', 'id', ['shortname' => 'student']);
        foreach ([1, 0] as $users) {
            $copy = \copy_helper::process_formdata((object) [
                'courseid' => $this->course->id, 'fullname' => "Copy {$users}", 'shortname' => "copy{$users}",
                'category' => $this->course->category, 'visible' => 1, 'startdate' => $this->course->startdate, 'enddate' => 0,
                'idnumber' => '', 'userdata' => $users, "role_{$student}" => $student,
            ]);
            \copy_helper::create_copy($copy);
            ob_start();
            $this->runAdhocTasks(\core\task\asynchronous_copy_task::class);
            ob_end_clean();
            $this->setAdminUser();
            $copies = $this->activities((int) $DB->get_field('course', 'id', ['shortname' => "copy{$users}"], MUST_EXIST));
            foreach ($users ? $copies : [] as $name => $copied) {
                $this->assertSame($reports[$name], $this->report($copied->cmid), $name);
            }
            $this->assert_playable($originals, $copies, (bool) $users);
        }
    }
}
