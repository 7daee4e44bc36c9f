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

namespace local_externalscormbridge\tracking;

use local_externalscormbridge\external\commit;
use local_externalscormbridge\fixtures\cdn_activity;
use local_externalscormbridge\history\integrity;
use local_externalscormbridge\history\sco_attempt;
use local_externalscormbridge\history\store as history;
use local_externalscormbridge\launch\refused;

defined('MOODLE_INTERNAL') || die();

require_once(__DIR__ . '/../fixtures/cdn_activity.php');

/**
 * Two windows, two devices: the newer one goes on, nothing of the older one is lost, and it is told.
 *
 * @covers \local_externalscormbridge\tracking\committer
 * @covers \local_externalscormbridge\history\written
 * @covers \local_externalscormbridge\launch\store
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class superseded_test extends \advanced_testcase {
    use cdn_activity;

    /**
     * What is late does not replace what the newer launch wrote, and is stored where that wrote nothing; time adds up.
     */
    public function test_the_newer_launch_wins(): void {
        $this->set_up_course();
        $scorm = $this->create_activity();
        $older = $this->create_launch($scorm, 'lesson');
        commit::execute($older->token, $this->journal(['cmi.core.lesson_location' => 'p1']));
        $newer = $this->create_launch($scorm, 'lesson');
        $more = $this->journal(['cmi.core.lesson_location' => 'p2'], false, 4);
        $this->assertSame('running', commit::execute($older->token, $more)['status'], 'The newer one has not reported yet.');
        $answer = commit::execute($newer->token, $this->journal([
            'cmi.core.lesson_location' => 'p9',
            'cmi.core.score.raw' => '10',
            'cmi.interactions.0.id' => 'q9',
            'cmi.comments' => 'new.',
            'cmi.core.session_time' => '00:00:10',
        ], true));
        $this->assertSame('terminated', $answer['status']);

        $answer = commit::execute($older->token, $this->journal([
            'cmi.core.lesson_location' => 'p3',
            'cmi.suspend_data' => 'state',
            'cmi.core.score.max' => '50',
            'cmi.interactions.0.type' => 'choice',
            'cmi.interactions.1.id' => 'q1',
            'cmi.comments' => 'old.',
            'cmi.core.session_time' => '00:01:00',
        ], true, 6));
        $this->assertSame('superseded', $answer['status']);
        $this->assertSame(13, $answer['ack']);
        $this->assertSame([], $answer['refused']);
        $tracks = (new track_store((int) $scorm->id, (int) $this->learner->id, $older->scoid, 1))->read();
        $this->assertSame('p9', $tracks['cmi.core.lesson_location']);
        $this->assertSame('state', $tracks['cmi.suspend_data']);
        $this->assertArrayNotHasKey('cmi.core.score.max', $tracks, 'Scores belong together.');
        $this->assertSame('q9', $tracks['cmi.interactions_0.id']);
        $this->assertArrayNotHasKey('cmi.interactions_0.type', $tracks, 'Half an interaction of each is none.');
        $this->assertSame('q1', $tracks['cmi.interactions_1.id']);
        $this->assertSame('new.old.', $tracks['cmi.comments']);
        $this->assertStringContainsString(':01:10', $tracks['cmi.core.total_time']);
        $this->assertSame('failed', $tracks['cmi.core.lesson_status'], 'As the newer launch ended.');

        $batches = iterator_to_array(history::read(sco_attempt::of($older), [$older->id]), false);
        $this->assertSame([false, false, true], array_column($batches, 'merged'));
        $this->assertContains('p3', array_column($batches[2]->entries, 'value'), 'Nothing that was promised is lost.');
    }

    /**
     * In SCORM 2004 too the time of both counts, though neither of them resumed the other; once, however often it comes.
     */
    public function test_time_adds_up(): void {
        $this->set_up_course();
        $scorm = $this->create_activity('course2004');
        foreach ([['PT1M', 'PT10S', 'PT1M10S'], ['PT10S', 'PT10S', 'PT20S'], ['PT0S', 'PT10S', 'PT10S']] as $index => $times) {
            [$ofolder, $ofnewer, $sum] = $times;
            $older = $this->create_launch($scorm, 'first', $index + 1);
            $newer = $this->create_launch($scorm, 'first', $index + 1);
            commit::execute($newer->token, $this->journal(['cmi.session_time' => $ofnewer], true));
            $late = $this->journal(['cmi.session_time' => $ofolder], true);
            for ($i = 0; $i < 2; $i++) {
                commit::execute($older->token, $late);
                $this->assertSame($sum, $this->stored($scorm, 'first', $index + 1)['cmi.total_time']);
            }
            $this->assertSame([], integrity::check(sco_attempt::of($older)));
        }
    }

    /**
     * What is late and cannot be accepted beside what the newer launch wrote is in the history all the same.
     */
    public function test_what_does_not_fit_any_more_is_kept(): void {
        $this->set_up_course();
        $scorm = $this->create_activity('course2004');
        $older = $this->create_launch($scorm, 'first');
        commit::execute($older->token, $this->journal(['cmi.exit' => 'suspend']));
        $newer = $this->create_launch($scorm, 'first');
        commit::execute($newer->token, $this->journal(['cmi.objectives.0.id' => 'o1', 'cmi.objectives.1.id' => 'o2']));
        $late = $this->journal(['cmi.objectives.0.id' => 'o2'], false, 4);
        $answer = commit::execute($older->token, $late);
        $this->assertSame([4], array_column($answer['refused'], 'seq'));
        $batches = iterator_to_array(history::read(sco_attempt::of($older), [$older->id]), false);
        $this->assertSame('o2', $batches[1]->refused[0]['value']);
    }

    /**
     * Late batches are idempotent too, and a gap is a gap.
     */
    public function test_late_batches_count_once(): void {
        $this->set_up_course();
        $scorm = $this->create_activity();
        $older = $this->create_launch($scorm, 'lesson');
        $newer = $this->create_launch($scorm, 'lesson');
        commit::execute($newer->token, $this->journal(['cmi.comments' => 'new.']));
        $late = $this->journal(['cmi.comments' => 'old.']);
        for ($i = 0; $i < 3; $i++) {
            $answer = commit::execute($older->token, $late);
            $this->assertSame(['superseded', 3], [$answer['status'], $answer['ack']]);
        }
        $tracks = (new track_store((int) $scorm->id, (int) $this->learner->id, $older->scoid, 1))->read();
        $this->assertSame('new.old.', $tracks['cmi.comments']);
        $this->expectException(refused::class);
        $this->expectExceptionMessageMatches('/gap/');
        commit::execute($older->token, $this->journal(['cmi.comments' => 'x'], false, 9));
    }

    /**
     * Other SCOs, other attempts and previews overtake nothing.
     */
    public function test_only_the_same_sco_of_the_same_attempt_overtakes(): void {
        $this->set_up_course();
        $scorm = $this->create_activity('course2004');
        $launch = $this->create_launch($scorm, 'first');
        $others = [
            $this->create_launch($scorm, 'second'),
            $this->create_launch($scorm, 'first', 2),
            $this->create_launch($scorm, 'first', 1, 'browse'),
            $this->create_launch($this->create_activity('course2004'), 'first'),
        ];
        foreach ($others as $other) {
            commit::execute($other->token, $this->journal(['cmi.location' => 'x']));
        }
        $this->assertSame('running', commit::execute($launch->token, $this->journal(['cmi.location' => 'p1']))['status']);
        $this->assertSame('p1', $this->stored($scorm, 'first')['cmi.location']);
        $preview = $others[2];
        $this->assertSame('running', commit::execute($preview->token, '[]')['status']);
    }

    /**
     * Where the history of the newer launch cannot be read, what is late replaces nothing, and is kept.
     */
    public function test_an_unreadable_history_costs_the_newer_launch_nothing(): void {
        global $DB;

        $this->set_up_course();
        $scorm = $this->create_activity();
        $older = $this->create_launch($scorm, 'lesson');
        $newer = $this->create_launch($scorm, 'lesson');
        commit::execute($newer->token, $this->journal(['cmi.core.lesson_location' => 'p9']));
        $DB->set_field(history::TABLE, 'data', 'esb1:k1:AAAA', ['launchid' => $newer->id]);
        $answer = commit::execute($older->token, $this->journal(['cmi.core.lesson_location' => 'p1', 'cmi.comments' => 'c']));
        $this->assertSame('superseded', $answer['status']);
        $tracks = (new track_store((int) $scorm->id, (int) $this->learner->id, $older->scoid, 1))->read();
        $this->assertSame('p9', $tracks['cmi.core.lesson_location']);
        $this->assertSame('c', $tracks['cmi.comments']);
        $this->assertTrue(history::knows_launch($older->id));
    }
}
