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

use core_external\external_api;
use local_externalscormbridge\fixtures\cdn_activity;

defined('MOODLE_INTERNAL') || die();

require_once(__DIR__ . '/../fixtures/cdn_activity.php');

/**
 * Moodle's app is led to the browser, and nobody writes tracks past the bridge.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 * @covers     \local_externalscormbridge\external\mobile_app
 */
final class mobile_app_test extends \advanced_testcase {
    use cdn_activity;

    /** @var \stdClass an ordinary activity */
    private \stdClass $uploaded;

    /** @var \stdClass one that plays from a CDN */
    private \stdClass $oncdn;

    protected function setUp(): void {
        parent::setUp();
        $this->set_up_course();
        $this->uploaded = $this->getDataGenerator()->create_module('scorm', ['course' => $this->course->id, 'intro' => 'Uploaded']);
        $this->oncdn = $this->create_activity('basic12', ['intro' => 'About bees']);
    }

    /**
     * Only the app is told, and only of packages on a CDN.
     */
    public function test_the_app_gets_a_link_to_the_browser(): void {
        $this->assertSame(['About bees', 'Uploaded'], $this->notes());
        \core_useragent::instance(true, 'Mozilla/5.0 (Android) MoodleMobile 4.5.0');
        [$note, $other] = $this->notes();
        $this->assertStringContainsString("/mod/scorm/view.php?id={$this->oncdn->cmid}", $note);
        $this->assertStringEndsWith('About bees', $note);
        $this->assertSame('Uploaded', $other);
        \core_useragent::instance(true, '');
    }

    /**
     * Tracks that a program of its own brings are refused for a CDN package, and taken for any other.
     */
    public function test_tracks_are_taken_from_the_bridge_alone(): void {
        global $DB;

        $scoid = $this->sco_id($this->oncdn, 'lesson');
        $refused = $this->bring($scoid);
        $this->assertTrue($refused['error']);
        $this->assertSame('error_tracks_elsewhere', $refused['exception']->errorcode);
        $this->assertSame([], $this->stored($this->oncdn, 'lesson'));

        $own = $DB->get_field_select('scorm_scoes', 'MIN(id)', "scorm = ? AND launch <> ''", [$this->uploaded->id]);
        $taken = $this->bring((int) $own);
        $this->assertFalse($taken['error'], json_encode($taken));
    }

    /**
     * Somebody who may not enter is told what Moodle tells them, and learns nothing of the activity.
     */
    public function test_strangers_are_kept_out_first(): void {
        $this->setUser($this->getDataGenerator()->create_user());
        $refused = $this->bring($this->sco_id($this->oncdn, 'lesson'));
        $this->assertStringContainsString('not_enrolled', json_encode($refused['exception']));
    }

    /**
     * Brings a track as a program does.
     *
     * @param int $scoid
     * @return array Moodle's answer
     */
    private function bring(int $scoid): array {
        return $this->ask('mod_scorm_insert_scorm_tracks', [
            'scoid' => $scoid,
            'attempt' => 1,
            'tracks' => [['element' => 'cmi.core.lesson_status', 'value' => 'passed']],
        ]);
    }

    /**
     * Calls a function as programs do.
     *
     * @param string $function
     * @param array $arguments
     * @return array Moodle's answer
     */
    private function ask(string $function, array $arguments): array {
        $_POST['sesskey'] = sesskey();
        return external_api::call_external_function($function, $arguments);
    }

    /**
     * Descriptions of the CDN activity and of the other, as a program gets them.
     *
     * @return string[]
     */
    private function notes(): array {
        $answer = $this->ask('mod_scorm_get_scorms_by_courses', ['courseids' => [$this->course->id]]);
        $this->assertFalse($answer['error'], json_encode($answer));
        $notes = array_column($answer['data']['scorms'], 'intro', 'id');
        $plain = static fn(string $html): string => preg_replace('~<div class="no-overflow">|</div>~', '', $html);
        return [$plain($notes[$this->oncdn->id]), $plain($notes[$this->uploaded->id])];
    }
}
