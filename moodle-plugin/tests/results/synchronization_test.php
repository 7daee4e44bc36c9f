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

use local_externalscormbridge\external\commit;
use local_externalscormbridge\fixtures\cdn_activity;

defined('MOODLE_INTERNAL') || die();

require_once(__DIR__ . '/../fixtures/cdn_activity.php');

/**
 * What a SCO reports arrives in gradebook and completion, by the rules of the activity.
 *
 * @covers \local_externalscormbridge\results\updater
 * @covers \local_externalscormbridge\external\commit
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class synchronization_test extends \advanced_testcase {
    use cdn_activity;

    /** Statuses of SCORM 1.2, with the bit by which an activity requires them; 0 where none can. */
    private const STATUSES = ['passed' => 2, 'completed' => 4, 'failed' => 0, 'incomplete' => 0, 'browsed' => 0];

    /**
     * Feature: external-scorm-bridge, Property 7: whatever the score, the gradebook holds it, on the grade scale of the
     * activity.
     */
    public function test_property_7_scores_reach_the_gradebook(): void {
        global $CFG;
        require_once("{$CFG->libdir}/gradelib.php");

        $this->set_up_course();
        mt_srand(7);
        $activities = [];
        foreach ([GRADEHIGHEST, GRADEAVERAGE, GRADESUM] as $method) {
            foreach ([10, 55, 100] as $max) {
                $activities[] = [$this->create_activity('basic12', ['grademethod' => $method, 'maxgrade' => $max]), $max];
            }
        }
        for ($n = 0; $n < 108; $n++) {
            [$scorm, $max] = $activities[$n % count($activities)];
            // The scale's ends, and anything in between.
            $raw = [0 => '0', 1 => '100'][intdiv($n, 9)] ?? (string) round(mt_rand(0, 10000) / 100, 2);
            $this->report($scorm, ['cmi.core.score.raw' => $raw]);
            $grades = grade_get_grades($this->course->id, 'mod', 'scorm', $scorm->id, $this->learner->id);
            $grade = $grades->items[0]->grades[$this->learner->id]->grade;
            $this->assertEqualsWithDelta(min((float) $raw, $max), (float) $grade, 0.001, "{$raw} of {$max}");
        }
    }

    /**
     * Feature: external-scorm-bridge, Property 8: whatever the status, completion is what the activity's rule makes of it.
     */
    public function test_property_8_statuses_reach_completion(): void {
        global $DB;

        $this->set_up_course();
        mt_srand(8);
        $activities = [];
        foreach ([2, 4, 6] as $required) {
            $activities[] = [$required, $this->create_activity('basic12', [
                'completion' => COMPLETION_TRACKING_AUTOMATIC,
                'completionstatusrequired' => $required,
            ])];
        }
        $seen = [];
        for ($n = 0; $n < 120; $n++) {
            [$required, $scorm] = $activities[$n % count($activities)];
            $status = array_rand(self::STATUSES);
            $this->report($scorm, ['cmi.core.lesson_status' => $status]);
            $of = ['coursemoduleid' => $scorm->cmid, 'userid' => $this->learner->id];
            $state = (int) $DB->get_field('course_modules_completion', 'completionstate', $of);
            $expected = (self::STATUSES[$status] & $required) !== 0;
            $this->assertSame($expected, $state === COMPLETION_COMPLETE, "{$status} where {$required} is required: {$state}");
            $seen["{$status} {$required}"] = true;
        }
        $this->assertCount(count(self::STATUSES) * count($activities), $seen, 'every pair was tried');
    }

    /**
     * Has a learner of its own report something.
     *
     * @param \stdClass $scorm
     * @param array<string, string> $values
     */
    private function report(\stdClass $scorm, array $values): void {
        $this->learner = $this->getDataGenerator()->create_and_enrol($this->course, 'student');
        $this->setUser($this->learner);
        $answer = commit::execute($this->create_launch($scorm, 'lesson')->token, $this->journal($values));
        $this->assertSame([], $answer['refused']);
    }
}
