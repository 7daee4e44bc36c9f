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
use local_externalscormbridge\package\pending;
use local_externalscormbridge\package\store as package_store;

defined('MOODLE_INTERNAL') || die();

require_once(__DIR__ . '/fixtures/cdn_activity.php');

/**
 * What happens to a package when its activity, its course or the plugin goes.
 *
 * @covers \local_externalscormbridge\observer
 * @covers \local_externalscormbridge\package\installer
 * @covers \local_externalscormbridge\task\delete_old_launches
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
        pending::keep((int) $scorm->id, $this->probe('course2004'));
        $this->setAdminUser();
        course_delete_module($scorm->cmid);
        $this->assertNull(package_store::find((int) $scorm->id));
        $this->assertNull(pending::find((int) $scorm->id));
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
