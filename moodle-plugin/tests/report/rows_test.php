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
use local_externalscormbridge\output\learner_report;
use local_externalscormbridge\external\commit;
use local_externalscormbridge\external\report_stamp;

require_once(__DIR__ . '/../fixtures/cdn_activity.php');

/**
 * The live report shows what is stored, to those who may see it.
 *
 * @covers \local_externalscormbridge\report\activity
 * @covers \local_externalscormbridge\report\filter
 * @covers \local_externalscormbridge\report\outcome
 * @covers \local_externalscormbridge\report\outcomes
 * @covers \local_externalscormbridge\output\learner_report
 * @covers \local_externalscormbridge\report\rows
 * @covers \local_externalscormbridge\external\report_stamp
 * @covers \local_externalscormbridge\table\live
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class rows_test extends \advanced_testcase {
    use cdn_activity;

    /** @var \stdClass the activity */
    private \stdClass $scorm;

    /**
     * What a learner's SCOs have reported, and what a row says of it.
     */
    public function test_a_row_says_what_was_reported(): void {
        $this->set_up_course();
        $this->scorm = $this->create_activity('basic12');
        $this->play(['cmi.core.lesson_status' => 'incomplete', 'cmi.core.score.raw' => '8', 'cmi.core.score.max' => '10']);
        $rows = $this->rows();
        $this->assertSame(['lesson' => 'incomplete', 'leaflet' => 'notattempted'], $this->told($rows, 'status'));
        $this->assertSame(['lesson' => '8 / 10', 'leaflet' => ''], $this->told($rows, 'score'));
        $this->assertSame(['lesson' => true, 'leaflet' => false], array_map(static fn($row) => $row->playing, $rows));
        $this->assertSame(0, $rows['leaflet']->lastactive);
        $this->assertEqualsWithDelta(time(), $rows['lesson']->lastactive, 60);

        $this->scorm = $this->create_activity('course2004');
        $scores = ['cmi.completion_status' => 'completed', 'cmi.success_status' => 'failed', 'cmi.score.scaled' => '0.25'];
        $this->play($scores, 'first', true);
        $this->play(['cmi.progress_measure' => '0.5'], 'second');
        $rows = $this->rows();
        $this->assertSame(['first' => 'failed', 'second' => 'notattempted'], $this->told($rows, 'status'));
        $this->assertSame(['first' => '25%', 'second' => ''], $this->told($rows, 'score'));
        $this->assertSame('50%', $rows['second']->outcome->progress());
        $this->assertFalse($rows['first']->playing, 'it has ended');
    }

    /**
     * Every way to sort, with equal results in both directions, and every page of them together is the whole.
     */
    public function test_rows_are_sorted_and_paged(): void {
        $this->set_up_course();
        $this->scorm = $this->create_activity('basic12');
        foreach (['9', '10', '0.5', ''] as $n => $score) {
            $this->learner = $this->getDataGenerator()->create_and_enrol($this->course, 'student', ['lastname' => "L{$n}"]);
            $this->setUser($this->learner);
            $this->play($score === '' ? ['cmi.core.lesson_status' => 'browsed'] : ['cmi.core.score.raw' => $score]);
        }
        $this->setAdminUser();
        $rows = new rows(activity::of($this->scorm->cmid), new filter());
        $this->assertSame(8, $rows->count());
        foreach (rows::SORTS as $sort) {
            $up = array_keys($rows->page([$sort => SORT_ASC], 0, 100));
            $down = array_keys($rows->page([$sort => SORT_DESC], 0, 100));
            $this->assertCount(8, $up, $sort);
            $this->assertEqualsCanonicalizing($up, $down, $sort);
            $paged = [];
            for ($from = 0; $from < 8; $from += 3) {
                array_push($paged, ...array_keys($rows->page([$sort => SORT_ASC], $from, 3)));
            }
            $this->assertSame($up, $paged, $sort);
        }
        $scores = array_map(static fn($row) => $row->outcome->score(), $rows->page(['score' => SORT_DESC], 0, 3));
        $this->assertSame(['10', '9', '0.5'], array_values($scores), 'by number, not by letter');
        $this->assertSame([], $rows->page(['password' => SORT_ASC], 100, 10), 'nothing else can be sorted by');
    }

    /**
     * The chart on a learner's page has the score of each attempt, and a gap where there is none.
     */
    public function test_scores_over_attempts_are_drawn(): void {
        global $PAGE;

        $this->set_up_course();
        $this->scorm = $this->create_activity('basic12');
        $said = [1 => ['cmi.core.score.raw' => '41'], 2 => ['cmi.suspend_data' => 'here'], 3 => ['cmi.core.score.raw' => '93']];
        foreach ($said as $attempt => $values) {
            commit::execute($this->create_launch($this->scorm, 'lesson', $attempt)->token, $this->journal($values, false));
        }
        $this->setAdminUser();
        $PAGE->set_url('/');
        $report = new learner_report(activity::of($this->scorm->cmid), $this->learner, 0);
        $page = $report->export_for_template($PAGE->get_renderer('core'));
        $this->assertSame([1, 2, 3], array_column($page['attempts'], 'number'));
        // The numbers are drawn by a script, which comes at the end of the page.
        $this->assertStringContainsString('[41,null,93]', str_replace('.0', '', $PAGE->requires->get_end_code()));
    }

    /**
     * Each filter keeps what it is about.
     */
    public function test_rows_are_filtered(): void {
        $this->set_up_course();
        $this->scorm = $this->create_activity('basic12');
        $ana = $this->getDataGenerator()->create_and_enrol($this->course, 'student', ['firstname' => 'Ana', 'lastname' => '100%']);
        $ben = $this->getDataGenerator()->create_and_enrol($this->course, 'student', ['firstname' => 'Ben', 'lastname' => 'Bo']);
        foreach ([[$ana, 'passed', true], [$ben, 'incomplete', false]] as [$learner, $status, $ends]) {
            $this->learner = $learner;
            $this->setUser($learner);
            $this->play(['cmi.core.lesson_status' => $status], 'lesson', $ends);
        }
        $this->setAdminUser();
        $leaflet = $this->sco_id($this->scorm, 'leaflet');
        $found = function (filter $filter): array {
            $rows = new rows(activity::of($this->scorm->cmid), $filter);
            $page = $rows->page(['firstname' => SORT_ASC, 'sco' => SORT_ASC], 0, 100);
            $this->assertCount($rows->count(), $page);
            return array_values(array_map(static fn($row) => "{$row->firstname} {$row->title}", $page));
        };
        $all = $found(new filter());
        $this->assertCount(4, $all);
        $this->assertSame([$all[0]], $found(new filter(status: 'passed')));
        $this->assertSame([$all[2]], $found(new filter(status: 'incomplete')));
        $this->assertSame([$all[1], $all[3]], $found(new filter(status: 'notattempted')));
        $this->assertSame([$all[1], $all[3]], $found(new filter(sco: $leaflet)));
        $this->assertSame([$all[2]], $found(new filter(playing: true)));
        $this->assertSame([$all[2], $all[3]], $found(new filter(name: 'BEN b')));
        $this->assertSame([$all[0], $all[1]], $found(new filter(name: '0%')), 'what means something to SQL is only text');
        $this->assertSame([], $found(new filter(name: '%en')));
        $this->assertSame([], $found(new filter(sco: $leaflet, status: 'passed')));
    }

    /**
     * Feature: external-scorm-bridge, Property 22: a teacher sees the learners of their own groups only, where groups are
     * separate; nobody without the right sees any.
     */
    public function test_groups_are_respected(): void {
        $this->set_up_course();
        $this->scorm = $this->create_activity('basic12', ['groupmode' => SEPARATEGROUPS]);
        $ours = $this->getDataGenerator()->create_group(['courseid' => $this->course->id]);
        $theirs = $this->getDataGenerator()->create_group(['courseid' => $this->course->id]);
        $learners = [];
        foreach ([$ours, $theirs, null] as $group) {
            $learners[] = $this->learner = $this->getDataGenerator()->create_and_enrol($this->course, 'student');
            if ($group) {
                groups_add_member($group, $this->learner);
            }
            $this->setUser($this->learner);
            $this->play(['cmi.core.lesson_status' => 'incomplete']);
        }
        $tutor = $this->getDataGenerator()->create_and_enrol($this->course, 'teacher');
        groups_add_member($ours, $tutor);
        $stranger = $this->getDataGenerator()->create_and_enrol($this->course, 'teacher');
        foreach ([[$tutor, [0]], [$stranger, []]] as [$who, $seen]) {
            $this->setUser($who);
            $activity = activity::of($this->scorm->cmid);
            $expected = array_map(static fn($n) => (int) $learners[$n]->id, $seen);
            $this->assertSame($expected, $activity->learners_with_attempts());
            $this->assertSame($expected, $activity->visible(array_column($learners, 'id')));
            $this->assertSame([], $activity->learners_with_attempts((int) $theirs->id), 'nor by asking for another group');
            $this->assertSame(2 * count($seen), (new rows($activity, new filter()))->count());
        }
        $this->setAdminUser();
        $activity = activity::of($this->scorm->cmid);
        $this->assertCount(3, $activity->learners_with_attempts());
        $this->assertSame([(int) $learners[1]->id], $activity->learners_with_attempts((int) $theirs->id));

        $this->setUser($learners[0]);
        $this->assertFalse(activity::of($this->scorm->cmid)->allows(activity::CAPABILITY));
        $this->expectException(\required_capability_exception::class);
        report_stamp::execute($this->scorm->cmid);
    }

    /**
     * Feature: external-scorm-bridge, Property 26: after every change the stamp is another one, so that a report which
     * looks at it every two seconds shows the change within five.
     */
    public function test_property_26_every_change_is_noticed(): void {
        $this->set_up_course();
        $this->scorm = $this->create_activity('basic12');
        $launch = $this->create_launch($this->scorm, 'lesson');
        $seen = [$this->stamp()];
        for ($n = 1; $n <= 100; $n++) {
            $this->setUser($this->learner);
            $values = ['cmi.core.lesson_location' => "page {$n}"];
            $entries = $n === 1 ? $this->journal($values, false) : $this->journal($values, false, $sent + 1);
            $sent = commit::execute($launch->token, $entries)['ack'];
            $seen[] = $this->stamp();
        }
        $this->assertSame($seen, array_unique($seen));
        $this->assertSame(end($seen), $this->stamp(), 'without a change it stays');
    }

    /**
     * The table as a browser loads it anew.
     */
    public function test_the_table_is_loaded_anew(): void {
        $this->set_up_course();
        $this->scorm = $this->create_activity('basic12');
        $this->play(['cmi.core.lesson_status' => 'completed']);
        $this->setAdminUser();
        $load = fn(): string => \core_table\external\dynamic\get::execute(
            'local_externalscormbridge',
            'live',
            'live',
            [['sortby' => 'score', 'sortorder' => SORT_DESC]],
            [
                ['name' => 'cmid', 'jointype' => 1, 'values' => [(int) $this->scorm->cmid]],
                ['name' => 'status', 'jointype' => 1, 'values' => ['completed']],
            ],
            '1',
            null,
            null,
            1,
            50,
            [],
            false
        )['html'];
        $html = $load();
        $this->assertStringContainsString(s(fullname($this->learner)), $html);
        $this->assertSame(1, substr_count($html, 'name="learners[]"'));
        $this->setUser($this->learner);
        $this->expectException(\moodle_exception::class);
        $load();
    }

    /**
     * Plays a SCO.
     *
     * @param array<string, string> $values
     * @param string $sco
     * @param bool $ends
     */
    private function play(array $values, string $sco = 'lesson', bool $ends = false): void {
        $answer = commit::execute($this->create_launch($this->scorm, $sco)->token, $this->journal($values, $ends));
        $this->assertSame([], $answer['refused']);
    }

    /**
     * The rows of a single attempt.
     *
     * @return \stdClass[] by identifier of the SCO
     */
    private function rows(): array {
        global $DB;

        $this->setAdminUser();
        $rows = (new rows(activity::of($this->scorm->cmid), new filter()))->page(['sco' => SORT_ASC], 0, 100);
        $this->setUser($this->learner);
        $identifiers = $DB->get_records_menu('scorm_scoes', ['scorm' => $this->scorm->id], '', 'id, identifier');
        return array_combine(array_map(static fn($row) => $identifiers[$row->scoid], $rows), $rows);
    }

    /**
     * What rows say.
     *
     * @param \stdClass[] $rows
     * @param string $what method of outcome
     * @return string[]
     */
    private function told(array $rows, string $what): array {
        return array_map(static fn(\stdClass $row): string => $row->outcome->$what(), $rows);
    }

    /**
     * The stamp as an administrator's page gets it.
     *
     * @return string
     */
    private function stamp(): string {
        $this->setAdminUser();
        return report_stamp::execute($this->scorm->cmid)['stamp'];
    }
}
