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

use local_externalscormbridge\external\commit;
use local_externalscormbridge\fixtures\cdn_activity;
use local_externalscormbridge\launch\store as launch_store;
use local_externalscormbridge\package\store as package_store;
use local_externalscormbridge\tracking\track_store;

defined('MOODLE_INTERNAL') || die();

require_once(__DIR__ . '/fixtures/cdn_activity.php');

/**
 * What happens to a package when its activity, its course or the plugin goes, or is copied.
 *
 * @covers \local_externalscormbridge\observer
 * @covers \local_externalscormbridge\package\installer
 * @covers \local_externalscormbridge\task\delete_old_launches
 * @covers \backup_local_externalscormbridge_plugin
 * @covers \restore_local_externalscormbridge_plugin
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class lifecycle_test extends \advanced_testcase {
    use cdn_activity;

    /** Suspend data with what XML cannot hold. */
    private const SECRET = "p=3\x01\x1f\u{1F680}";

    /**
     * An activity in which the learner has been.
     *
     * @return \stdClass
     */
    private function played_activity(): \stdClass {
        $scorm = $this->create_activity();
        $launch = $this->create_launch($scorm, 'lesson');
        $values = ['cmi.core.lesson_location' => 'p3', 'cmi.suspend_data' => self::SECRET];
        commit::execute($launch->token, $this->journal($values));
        return $scorm;
    }

    /**
     * Uninstalling leaves an ordinary activity with the same SCOs and readable tracks.
     */
    public function test_uninstalling_leaves_ordinary_activities(): void {
        global $CFG, $DB;
        require_once(__DIR__ . '/../db/uninstall.php');

        $this->set_up_course();
        $scorm = $this->played_activity();
        gateway_options::refresh();
        $scoes = $DB->get_records('scorm_scoes', ['scorm' => $scorm->id]);
        $this->assertStringStartsWith('esb1:', $this->stored($scorm, 'lesson')['cmi.suspend_data']);

        $this->assertTrue(xmldb_local_externalscormbridge_uninstall());

        $stored = $this->stored($scorm, 'lesson');
        $this->assertSame(self::SECRET, $stored['cmi.suspend_data']);
        $this->assertSame('p3', $stored['cmi.core.lesson_location']);
        $this->assertEquals($scoes, $DB->get_records('scorm_scoes', ['scorm' => $scorm->id]));
        $this->assertSame(SCORM_TYPE_EXTERNAL, $DB->get_field('scorm', 'scormtype', ['id' => $scorm->id]));
        $this->assertFileDoesNotExist("{$CFG->dataroot}/" . gateway_options::FILE);
    }

    /**
     * A deleted activity leaves nothing behind.
     */
    public function test_deleting_an_activity(): void {
        global $DB;

        $this->set_up_course();
        $scorm = $this->played_activity();
        $this->setAdminUser();
        course_delete_module($scorm->cmid);
        $this->assertNull(package_store::find((int) $scorm->id));
        $this->assertSame(0, $DB->count_records('local_externalscormbridge_launch'));
    }

    /**
     * A deleted course takes its packages along, and no others.
     */
    public function test_deleting_a_course(): void {
        global $DB;

        $this->set_up_course();
        $scorm = $this->played_activity();
        $course = $this->course;
        $this->course = $this->getDataGenerator()->create_course();
        $other = $this->create_activity();
        $this->setAdminUser();
        delete_course($course, false);
        $this->assertNull(package_store::find((int) $scorm->id));
        $this->assertSame(0, $DB->count_records('local_externalscormbridge_launch'));
        $this->assertNotNull(package_store::find((int) $other->id));
    }

    /**
     * A course reset that deletes attempts ends their launches; the package stays.
     */
    public function test_resetting_a_course(): void {
        global $DB;

        $this->set_up_course();
        $scorm = $this->played_activity();
        $this->setAdminUser();
        reset_course_userdata((object) ['id' => $this->course->id, 'courseid' => $this->course->id, 'reset_scorm' => 1]);
        $this->assertSame(0, $DB->count_records('local_externalscormbridge_launch'));
        $this->assertSame([], $this->stored($scorm, 'lesson'));
        $this->assertNotNull(package_store::find((int) $scorm->id));
    }

    /**
     * A duplicate plays the same package.
     */
    public function test_duplicating_an_activity(): void {
        $this->set_up_course();
        $scorm = $this->played_activity();
        $this->setAdminUser();
        $cm = get_fast_modinfo($this->course)->get_cm($scorm->cmid);
        $copy = duplicate_module($this->course, $cm);
        $this->assertNotEquals($scorm->id, $copy->instance);
        $original = (array) package_store::find((int) $scorm->id);
        $this->assertSame(['scormid' => (int) $copy->instance] + $original, (array) package_store::find((int) $copy->instance));
    }

    /**
     * A restored course has the learner's secrets, sealed for their new rows.
     */
    public function test_backup_and_restore_with_learners(): void {
        global $CFG, $DB, $USER;
        require_once("{$CFG->dirroot}/backup/util/includes/backup_includes.php");
        require_once("{$CFG->dirroot}/backup/util/includes/restore_includes.php");

        $this->set_up_course();
        $scorm = $this->played_activity();
        $sealed = $this->stored($scorm, 'lesson')['cmi.suspend_data'];
        $this->setAdminUser();
        $CFG->backup_file_logger_level = \backup::LOG_NONE;
        $backup = new \backup_controller(
            \backup::TYPE_1COURSE,
            $this->course->id,
            \backup::FORMAT_MOODLE,
            \backup::INTERACTIVE_NO,
            \backup::MODE_IMPORT,
            $USER->id
        );
        $backup->get_plan()->get_setting('users')->set_status(\backup_setting::NOT_LOCKED);
        $backup->get_plan()->get_setting('users')->set_value(true);
        $id = $backup->get_backupid();
        $backup->execute_plan();
        $backup->destroy();

        $course = \restore_dbops::create_new_course('Copy', 'copy', $this->course->category);
        $restore = new \restore_controller(
            $id,
            $course,
            \backup::INTERACTIVE_NO,
            \backup::MODE_GENERAL,
            $USER->id,
            \backup::TARGET_NEW_COURSE
        );
        $this->assertTrue($restore->execute_precheck());
        $restore->execute_plan();
        $restore->destroy();

        $copy = $DB->get_record('scorm', ['course' => $course], '*', MUST_EXIST);
        $this->assertSame('https://cdn.example.com/course/', package_store::find((int) $copy->id)->baseurl);
        $stored = $this->stored($copy, 'lesson');
        $this->assertStringStartsWith('esb1:', $stored['cmi.suspend_data']);
        $this->assertNotSame($sealed, $stored['cmi.suspend_data']);
        $store = new track_store((int) $copy->id, (int) $this->learner->id, $this->sco_id($copy, 'lesson'), 1);
        $read = $store->read();
        $this->assertSame(self::SECRET, $read['cmi.suspend_data']);
        $this->assertSame('p3', $read['cmi.core.lesson_location']);
    }

    /**
     * Launches that nobody uses are forgotten, others are not.
     */
    public function test_old_launches_are_forgotten(): void {
        global $DB;

        $this->set_up_course();
        $scorm = $this->create_activity();
        $old = $this->create_launch($scorm, 'lesson');
        $fresh = $this->create_launch($scorm, 'lesson');
        set_config('launchlifetime', DAYSECS, 'local_externalscormbridge');
        $conditions = ['token' => $old->token];
        $DB->set_field('local_externalscormbridge_launch', 'timemodified', time() - DAYSECS - 1, $conditions);
        (new task\delete_old_launches())->execute();
        $this->assertNull(launch_store::find($old->token));
        $this->assertNotNull(launch_store::find($fresh->token));
    }
}
