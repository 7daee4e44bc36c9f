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

namespace local_externalscormbridge\report;

defined('MOODLE_INTERNAL') || die();

use local_externalscormbridge\fixtures\cdn_activity;
use local_externalscormbridge\event\progress_reset;
use local_externalscormbridge\external\commit;
use local_externalscormbridge\launch\refused;
use local_externalscormbridge\records;

require_once(__DIR__ . '/../fixtures/cdn_activity.php');

/**
 * After a reset nothing is left of a learner's work, and everything of others'.
 *
 * @covers \local_externalscormbridge\report\reset
 * @covers \local_externalscormbridge\event\progress_reset
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class reset_test extends \advanced_testcase {
    use cdn_activity;

    /**
     * Feature: external-scorm-bridge, Property 27: whatever was stored, a reset clears all of it, and the learner begins
     * anew.
     */
    public function test_property_27_nothing_is_left(): void {
        global $DB;

        $this->set_up_course();
        mt_srand(27);
        $scorm = $this->create_activity('basic12', [
            'completion' => COMPLETION_TRACKING_AUTOMATIC,
            'completionview' => 1,
            'completionstatusrequired' => 6,
            'completionstatusallscos' => 0,
        ]);
        $other = $this->learner;
        $this->play($scorm, 1);
        $kept = $this->kept($scorm, $other);
        for ($n = 0; $n < 100; $n++) {
            $this->learner = $this->getDataGenerator()->create_and_enrol($this->course, 'student');
            $this->setUser($this->learner);
            $launches = [];
            for ($attempt = 1; $attempt <= mt_rand(0, 2); $attempt++) {
                $launches[] = $this->play($scorm, $attempt);
            }
            $this->setAdminUser();
            $sink = $this->redirectEvents();
            reset::learners(activity::of($scorm->cmid), [(int) $this->learner->id]);
            $events = array_filter($sink->get_events(), static fn($event) => $event instanceof progress_reset);
            $sink->close();
            $this->assertCount(1, $events);
            $this->assertSame(range(1, max(1, count($launches))), reset($events)->other['attempts'] ?: [1]);
            $this->assertSame([], array_filter($this->kept($scorm, $this->learner)), "run {$n}");
            $this->setUser($this->learner);
            foreach ($launches as $token) {
                try {
                    commit::execute($token, $this->journal(['cmi.core.lesson_location' => 'late'], false));
                    $this->fail('an open player must not bring anything back');
                } catch (refused $e) {
                    $this->assertSame('launch_unknown', $e->reason);
                }
            }
        }
        $this->assertSame($kept, $this->kept($scorm, $other));
        $this->learner = $other;
        $this->setAdminUser();
        reset::learners(activity::of($scorm->cmid), [(int) $other->id]);
        $this->setUser($other);
        $this->play($scorm, 1);
        $this->assertSame($kept['tracks'], $this->kept($scorm, $other)['tracks'], 'and begins anew');
    }

    /**
     * A learner who ends both SCOs, one of them with a score.
     *
     * @param \stdClass $scorm
     * @param int $attempt
     * @return string token of the last launch
     */
    private function play(\stdClass $scorm, int $attempt): string {
        $values = ['cmi.core.lesson_status' => 'passed', 'cmi.core.score.raw' => '80', 'cmi.suspend_data' => 'here'];
        foreach (['lesson', 'leaflet'] as $sco) {
            $token = $this->create_launch($scorm, $sco, $attempt)->token;
            commit::execute($token, $this->journal($values, false));
        }
        return $token;
    }

    /**
     * What there is of a learner.
     *
     * @param \stdClass $scorm
     * @param \stdClass $learner
     * @return array
     */
    private function kept(\stdClass $scorm, \stdClass $learner): array {
        global $CFG, $DB;
        require_once("{$CFG->libdir}/gradelib.php");

        $of = ['scormid' => $scorm->id, 'userid' => $learner->id];
        $grades = grade_get_grades($this->course->id, 'mod', 'scorm', $scorm->id, $learner->id);
        $completion = $DB->get_record('course_modules_completion', ['coursemoduleid' => $scorm->cmid, 'userid' => $learner->id]);
        $found = [
            'tracks' => $DB->count_records_sql(
                'SELECT COUNT(1) FROM {scorm_scoes_value} v JOIN {scorm_attempt} a ON a.id = v.attemptid
                  WHERE a.scormid = :scormid AND a.userid = :userid',
                $of
            ),
            'attempts' => $DB->count_records('scorm_attempt', $of),
            'grade' => (float) $grades->items[0]->grades[$learner->id]->grade,
            'completion' => (int) ($completion->completionstate ?? 0),
            'viewed' => $DB->count_records('course_modules_viewed', ['coursemoduleid' => $scorm->cmid, 'userid' => $learner->id]),
        ];
        foreach (records::TABLES as $table) {
            $found[$table] = $DB->count_records($table, $of);
        }
        return $found;
    }
}
