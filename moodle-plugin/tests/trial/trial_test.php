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

namespace local_externalscormbridge\trial;

use local_externalscormbridge\external\commit;
use local_externalscormbridge\external\report;
use local_externalscormbridge\external\trial_outcome;
use local_externalscormbridge\fixtures\cdn_activity;
use local_externalscormbridge\launch\refused;

defined('MOODLE_INTERNAL') || die();

require_once(__DIR__ . '/../fixtures/cdn_activity.php');

/**
 * A package is tried as a learner would play it, and leaves nothing.
 *
 * @covers \local_externalscormbridge\trial\trial
 * @covers \local_externalscormbridge\trial\sample
 * @covers \local_externalscormbridge\external\trial_outcome
 * @covers \local_externalscormbridge\external\commit
 * @covers \local_externalscormbridge\external\report
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class trial_test extends \advanced_testcase {
    use cdn_activity;

    /**
     * A trial of a package of the fixtures, by an administrator.
     *
     * @param string $package
     * @return trial
     */
    private function begin(string $package = 'basic12'): trial {
        $this->resetAfterTest();
        $this->setAdminUser();
        return trial::begin($this->probe($package), 'host');
    }

    /**
     * Rows of every table that a launch could write to.
     *
     * @return int[]
     */
    private function counts(): array {
        global $DB;

        $counts = [];
        foreach ($DB->get_tables() as $table) {
            if (str_contains($table, 'scorm') || str_contains($table, 'grade') || str_contains($table, 'completion')) {
                $counts[$table] = $DB->count_records($table);
            }
        }
        return $counts;
    }

    /**
     * What a SCO reports is judged and remembered as that of a learner, and no table has a row more.
     */
    public function test_commits_are_judged_and_thrown_away(): void {
        $trial = $this->begin();
        $before = $this->counts();
        $first = $this->journal(['cmi.suspend_data' => 'a', 'cmi.core.score.raw' => 'many', 'cmi.core.student_id' => 'x']);
        $answer = commit::execute($trial->token, $first);
        $this->assertSame([5, 'running'], [$answer['ack'], $answer['status']]);
        $this->assertCount(2, $answer['refused']);
        $rest = $this->journal(['cmi.core.lesson_location' => 'sample:same'], true, 6);
        $this->assertSame('terminated', commit::execute($trial->token, $rest)['status']);
        commit::execute($trial->token, $rest);

        $outcome = trial_outcome::execute($trial->token);
        $this->assertSame(['initialize' => 1, 'set' => 4, 'commit' => 1, 'terminate' => 1], $outcome['seen']);
        $this->assertSame('same', $outcome['roundtrip']);
        $this->assertCount(2, $outcome['refused']);
        $this->assertSame($before, $this->counts());
    }

    /**
     * What the player could not do is told to the administrator, and not to the log.
     */
    public function test_reports_go_to_the_administrator(): void {
        $trial = $this->begin();
        $events = $this->redirectEvents();
        report::execute($trial->token, 'relay_silent');
        report::execute($trial->token, 'relay_silent');
        $this->assertSame(['relay_silent'], trial_outcome::execute($trial->token)['reports']);
        $this->assertSame([], $events->get_events());
    }

    /**
     * A journal with a gap is refused as a learner's is.
     */
    public function test_a_gap_is_refused(): void {
        $trial = $this->begin();
        $this->expectException(refused::class);
        commit::execute($trial->token, $this->journal(['cmi.suspend_data' => 'a'], false, 5));
    }

    /**
     * Whoever is no administrator any more commits nothing, and the token is worth nothing in another session.
     */
    public function test_only_administrators_commit(): void {
        $trial = $this->begin();
        $this->setUser($this->getDataGenerator()->create_user());
        try {
            commit::execute($trial->token, $this->journal([]));
            $this->fail('It was taken.');
        } catch (refused $e) {
            $this->assertContains($e->reason, ['launch_unknown', 'no_config']);
        }
        try {
            $trial->commit($this->journal([]));
            $this->fail('It was taken.');
        } catch (refused $e) {
            $this->assertSame('no_config', $e->reason);
        }
    }

    /**
     * A session is no place for as much as a content can store.
     */
    public function test_too_much_is_refused(): void {
        set_config('scorm12standard', 0, 'scorm');
        $trial = $this->begin('course2004');
        $values = [];
        for ($number = 0; $number < 12; $number++) {
            $values["cmi.comments_from_learner.{$number}.comment"] = str_repeat('x', 4000);
        }
        $values['cmi.suspend_data'] = str_repeat('y', 60000);
        $this->assertSame([], $trial->commit($this->journal($values))['refused']);
        $last = count($values) + 2;
        $this->expectException(refused::class);
        for ($more = 0; $more < 20; $more++) {
            $values = [];
            for ($number = 0; $number < 10; $number++) {
                $at = 12 + $more * 10 + $number;
                $values["cmi.comments_from_learner.{$at}.comment"] = str_repeat('x', 4000);
            }
            $trial->commit($this->journal($values, false, $last + 1));
            $last += 11;
        }
    }

    /**
     * The player gets the package by the way that is tried, with a ticket of a quarter of an hour, and keeps nothing.
     */
    public function test_the_player_keeps_nothing(): void {
        set_config('contenthost', 'https://content.example.net', 'local_externalscormbridge');
        $start = $this->begin()->start();
        $page = 'https://content.example.net/local/externalscormbridge/content.php/';
        $this->assertStringStartsWith($page, $start->player['frame']['url']);
        $this->assertSame([], array_intersect_key($start->player, ['owner' => 1, 'beacon' => 1, 'signin' => 1]));
        $ticket = explode('.', explode('/', substr($start->player['frame']['url'], strlen($page)))[0])[2];
        $claims = json_decode(base64_decode(strtr($ticket, '-_', '+/')), true);
        $this->assertEqualsWithDelta(time() + 15 * MINSECS, $claims['exp'], 5);
    }

    /**
     * The sample package is one that plays, and that the plugin knows.
     */
    public function test_the_sample_package(): void {
        global $CFG;

        $this->resetAfterTest();
        $folder = "{$CFG->dirroot}/local/externalscormbridge/sample";
        $tree = \Scormbridge\Manifest::scoTree(file_get_contents("{$folder}/imsmanifest.xml"));
        $this->assertTrue(sample::is($tree));
        $this->assertFalse(sample::is($this->probe('basic12')['tree']));
        $files = array_column(get_file_packer('application/zip')->list_files(sample::zip()), 'pathname');
        sort($files);
        $this->assertSame(['imsmanifest.xml', 'index.html', 'sample.css', 'sample.js'], $files);
    }
}
