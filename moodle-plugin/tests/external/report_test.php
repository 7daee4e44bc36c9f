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
use local_externalscormbridge\event\player_reported;
use local_externalscormbridge\fixtures\cdn_activity;
use local_externalscormbridge\launch\refused;

defined('MOODLE_INTERNAL') || die();

require_once(__DIR__ . '/../fixtures/cdn_activity.php');

/**
 * What a player refused is logged, and a player cannot flood the log.
 *
 * @covers \local_externalscormbridge\external\report
 * @covers \local_externalscormbridge\external\launch
 * @covers \local_externalscormbridge\event\access_denied
 * @covers \local_externalscormbridge\event\player_reported
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class report_test extends \advanced_testcase {
    use cdn_activity;

    /**
     * Feature: external-scorm-bridge, Property 24: a refused message is logged with user, time and reason.
     */
    public function test_property_24_refusals_are_logged(): void {
        $this->set_up_course();
        $scorm = $this->create_activity();
        $launch = $this->create_launch($scorm, 'lesson');
        $sink = $this->redirectEvents();
        $before = time();
        $this->assertTrue(report::execute($launch->token, 'message_origin')['logged']);
        [$event] = $sink->get_events();
        $this->assertInstanceOf(access_denied::class, $event);
        $this->assertSame('message_origin', $event->other['reason']);
        $this->assertSame((int) $this->learner->id, (int) $event->userid);
        $this->assertGreaterThanOrEqual($before, $event->timecreated);
        $this->assertEquals(\context_module::instance($scorm->cmid), $event->get_context());
        $this->assertStringContainsString('message_origin', $event->get_description());
    }

    /**
     * Trouble of the player's own is no refusal.
     */
    public function test_trouble_is_logged(): void {
        $this->set_up_course();
        $scorm = $this->create_activity();
        $launch = $this->create_launch($scorm, 'lesson');
        $sink = $this->redirectEvents();
        report::execute($launch->token, 'relay_silent');
        [$event] = $sink->get_events();
        $this->assertInstanceOf(player_reported::class, $event);
        $this->assertSame(['code' => 'relay_silent', 'scoid' => $launch->scoid, 'delivery' => 'sandbox'], $event->other);
        $this->assertStringContainsString('relay_silent', $event->get_description());
    }

    /**
     * After some reports a launch is no longer listened to.
     */
    public function test_the_log_cannot_be_flooded(): void {
        $this->set_up_course();
        $launch = $this->create_launch($this->create_activity(), 'lesson');
        $sink = $this->redirectEvents();
        for ($i = 0; $i < 100; $i++) {
            report::execute($launch->token, 'message_origin');
        }
        $this->assertCount(20, $sink->get_events());
        $this->assertFalse(report::execute($launch->token, 'message_origin')['logged']);
    }

    /**
     * Nobody reports for another's launch.
     */
    public function test_a_launch_of_another_is_refused(): void {
        $this->set_up_course();
        $launch = $this->create_launch($this->create_activity(), 'lesson');
        $this->setUser($this->getDataGenerator()->create_and_enrol($this->course, 'student'));
        $this->expectException(refused::class);
        report::execute($launch->token, 'message_origin');
    }

    /**
     * A player without a stage page gets the same configuration.
     */
    public function test_launch(): void {
        $this->set_up_course();
        $scorm = $this->create_activity();
        $answer = launch::execute((int) $scorm->cmid, $this->sco_id($scorm, 'lesson'));
        $answer = \core_external\external_api::clean_returnvalue(launch::execute_returns(), $answer);
        $player = json_decode($answer['player'], true);
        $this->assertSame(1, $player['protocol']);
        $this->assertSame('1.2', $player['seed']['version']);
        $this->assertSame($this->sco_id($scorm, 'lesson'), $answer['scoid']);
    }

    /**
     * Who is not enrolled starts nothing, and it is logged; an uploaded package is not ours to start.
     */
    public function test_launch_is_refused(): void {
        global $DB;

        $this->set_up_course();
        $scorm = $this->create_activity();
        $this->setUser($this->getDataGenerator()->create_user());
        $sink = $this->redirectEvents();
        try {
            launch::execute((int) $scorm->cmid);
            $this->fail('A stranger was let in.');
        } catch (refused $e) {
            $this->assertSame('error_not_enrolled', $e->errorcode);
            $this->assertSame('not_enrolled', $sink->get_events()[0]->other['reason']);
        }
        $this->assertSame(0, $DB->count_records('local_externalscormbridge_launch'));

        $this->setAdminUser();
        $uploaded = $this->getDataGenerator()->create_module('scorm', ['course' => $this->course->id]);
        $this->setUser($this->learner);
        $this->expectExceptionMessage(get_string('error_not_cdn', 'local_externalscormbridge'));
        launch::execute((int) $uploaded->cmid);
    }
}
