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

namespace local_externalscormbridge\launch;

use local_externalscormbridge\event\access_denied;
use local_externalscormbridge\external\commit;
use local_externalscormbridge\fixtures\cdn_activity;
use local_externalscormbridge\history\integrity;
use local_externalscormbridge\history\sco_attempt;
use local_externalscormbridge\keyring;

defined('MOODLE_INTERNAL') || die();

require_once(__DIR__ . '/../fixtures/cdn_activity.php');

/**
 * Sessions end, are replaced, take too long; what was done in them is stored, and by nobody but who did it.
 *
 * @covers \local_externalscormbridge\launch\owner
 * @covers \local_externalscormbridge\launch\player_config
 * @covers \local_externalscormbridge\launch\session_limit
 * @covers \local_externalscormbridge\launch\session_status
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class session_test extends \advanced_testcase {
    use cdn_activity;

    /**
     * What a player is told about keeping.
     *
     * @param launch $launch
     * @return array
     */
    private function config(launch $launch): array {
        global $DB;

        $scorm = $DB->get_record('scorm', ['id' => $launch->scormid], '*', MUST_EXIST);
        $cm = get_coursemodule_from_instance('scorm', $scorm->id, 0, false, MUST_EXIST);
        $package = \local_externalscormbridge\package\store::find($launch->scormid);
        $launcher = new launcher($scorm, $cm, \context_module::instance($cm->id), $package);
        return $launcher->start($launch->scoid, $launch->mode, '')->player;
    }

    /**
     * Entries that were made some seconds after the first.
     *
     * @param int[] $seconds by sequence number; the first entry begins the session
     * @return string
     */
    private function timed(array $seconds): string {
        $entries = [];
        foreach ($seconds as $seq => $second) {
            $entry = $seq === 1
                ? ['op' => 'initialize']
                : ['op' => 'set', 'element' => 'cmi.core.lesson_location', 'value' => "p{$seq}"];
            $entries[] = ['seq' => $seq] + $entry + ['at' => 1789000000000 + $second * 1000];
        }
        return json_encode($entries);
    }

    /**
     * Has a launch begin some seconds ago.
     *
     * @param launch $launch
     * @param int $seconds
     */
    private function age(launch $launch, int $seconds): void {
        global $DB;

        $DB->set_field('local_externalscormbridge_launch', 'timecreated', time() - $seconds, ['id' => $launch->id]);
    }

    /**
     * Asserts that a commit says that the time is over, and that the log does.
     *
     * @param launch $launch
     * @param string $entries
     */
    private function assert_timeout(launch $launch, string $entries): void {
        $sink = $this->redirectEvents();
        try {
            commit::execute($launch->token, $entries);
            $this->fail('The commit was accepted.');
        } catch (refused $e) {
            $this->assertSame('error_session_timeout', $e->errorcode);
        }
        $denied = array_filter($sink->get_events(), static fn($event): bool => $event instanceof access_denied);
        $this->assertSame(['session_timeout'], array_values(array_map(static fn($event) => $event->other['reason'], $denied)));
        $this->assertSame((int) $this->learner->id, (int) reset($denied)->userid);
        $sink->close();
    }

    /**
     * Feature: external-scorm-bridge, Property 15: whatever the timeout and whenever an entry was made, one made in time
     * is stored however late it comes, and one made too late is refused with an error and a log entry.
     */
    public function test_property_15_timeout_is_enforced(): void {
        $this->set_up_course();
        $scorm = $this->create_activity();
        for ($seed = 1; $seed <= 100; $seed++) {
            mt_srand($seed);
            $limit = mt_rand(60, 7200);
            set_config('sessiontimeout', $limit, 'local_externalscormbridge');
            $launch = $this->create_launch($scorm, 'lesson', $seed);
            // Long after its end, as a learner who was offline.
            $this->age($launch, $limit + mt_rand(61, 100000));
            $seconds = [1 => 0];
            for ($seq = 2; $seq < 8; $seq++) {
                $seconds[$seq] = $seconds[$seq - 1] + mt_rand(0, intdiv($limit, 3));
            }
            $intime = array_filter($seconds, static fn(int $second): bool => $second <= $limit + 60);
            if (count($intime) < count($seconds)) {
                $this->assert_timeout($launch, $this->timed($seconds));
                $this->assert_timeout($launch, $this->timed($seconds));
            } else {
                $this->assertSame(7, commit::execute($launch->token, $this->timed($seconds))['ack']);
            }
            $last = array_key_last($intime);
            $this->assertSame($last, store::find($launch->token)->lastseq, "seed {$seed}");
            $expected = $last === 1 ? null : "p{$last}";
            $this->assertSame($expected, $this->stored($scorm, 'lesson', $seed)['cmi.core.lesson_location'] ?? null);
            $this->assertSame([], integrity::check(sco_attempt::of($launch)));
        }
    }

    /**
     * A clock that jumps costs a learner nothing: the server's own must say so too. Without a timeout nothing is late.
     */
    public function test_one_clock_is_not_enough(): void {
        $this->set_up_course();
        $scorm = $this->create_activity();
        set_config('sessiontimeout', 600, 'local_externalscormbridge');
        $launch = $this->create_launch($scorm, 'lesson');
        $this->assertSame(2, commit::execute($launch->token, $this->timed([1 => 0, 2 => 90000]))['ack']);
        $this->age($launch, 100000);
        $this->assertSame(3, commit::execute($launch->token, $this->timed([3 => -90000]))['ack']);
        $this->assertSame(3, commit::execute($launch->token, '[]')['ack'], 'A call without entries is not late.');
        $this->assert_timeout($launch, $this->timed([4 => 90000]));
        set_config('sessiontimeout', 0, 'local_externalscormbridge');
        $this->assertSame(4, commit::execute($launch->token, $this->timed([4 => 90000]))['ack']);
    }

    /**
     * Feature: external-scorm-bridge, Property 19: what was kept while the session was gone is stored when its learner is
     * back, and by nobody else: others have another tag, another key, and no use for the launch.
     */
    public function test_property_19_only_the_owner_goes_on(): void {
        $this->set_up_course();
        $scorm = $this->create_activity();
        $owners = [];
        for ($i = 0; $i < 100; $i++) {
            mt_srand($i);
            $this->learner = $this->getDataGenerator()->create_and_enrol($this->course, 'student');
            $this->setUser($this->learner);
            $launch = $this->create_launch($scorm, 'lesson');
            $mine = session_status::answer('GET', 'same-origin')[1];
            $kept = $this->journal(['cmi.core.lesson_location' => "p{$i}"], (bool) mt_rand(0, 1));

            $this->setUser(null);
            $this->assertSame([401, []], session_status::answer('GET', ''));
            $this->setUser($owners === [] ? get_admin() : $owners[array_key_last($owners)]['user']);
            $theirs = session_status::answer('GET', 'same-origin')[1];
            $this->assertNotSame($mine['owner'], $theirs['owner'] ?? '');
            try {
                commit::execute($launch->token, $kept);
                $this->fail('Somebody else sent it.');
            } catch (refused $e) {
                $this->assertSame('launch_unknown', $e->reason);
            }

            $this->setUser($this->learner);
            $again = session_status::answer('GET', 'same-origin')[1];
            $this->assertSame($mine['owner'], $again['owner'], 'A new session, the same owner.');
            $this->assertSame(3, commit::execute($launch->token, $kept)['ack']);
            $this->assertSame("p{$i}", $this->stored($scorm, 'lesson')['cmi.core.lesson_location']);
            $owners[] = ['user' => $this->learner, 'tag' => $again['owner'], 'key' => owner::key((int) $this->learner->id)];
        }
        $this->assertCount(100, array_unique(array_column($owners, 'tag')));
        $this->assertCount(100, array_unique(array_column($owners, 'key')));
    }

    /**
     * The player gets what it needs to keep and to go on.
     */
    public function test_player_config(): void {
        global $CFG, $USER;

        $this->set_up_course();
        $scorm = $this->create_activity();
        set_config('savinginterval', 500, 'local_externalscormbridge');
        set_config('committimeout', 7, 'local_externalscormbridge');
        set_config('sessiontimeout', 3600, 'local_externalscormbridge');
        $config = $this->config($this->create_launch($scorm, 'lesson'));
        $this->assertSame(['interval_ms' => 500], $config['batching']);
        $this->assertSame(
            ['hello_ms' => 30000, 'commit_ms' => 7000, 'heartbeat_ms' => 5000, 'session_ms' => 3600000],
            $config['timeouts']
        );
        $this->assertMatchesRegularExpression('/^[0-9a-f]{32}$/', $config['owner']['tag']);
        $this->assertMatchesRegularExpression('/^[0-9a-f]{64}$/', $config['owner']['key']);
        $this->assertStringNotContainsString($config['owner']['tag'], $config['owner']['key']);
        $this->assertSame($config['owner']['tag'], session_status::answer('GET', 'same-origin')[1]['owner']);
        $this->assertSame("{$CFG->wwwroot}/local/externalscormbridge/session.php", $config['signin']['session']);
        $this->assertSame("{$CFG->wwwroot}/login/index.php", $config['signin']['login']);
        $this->assertCount(15, $config['strings']);
        $ring = keyring::load(keyring::TICKETS);
        $tickets = new \Scormbridge\Tickets($ring['keys'], $ring['current']);
        $claims = $tickets->verify($config['beacon']['ticket'], 'commit', $CFG->wwwroot, time());
        $this->assertSame($config['launch'], $claims['launch']);
        $this->expectException(\Scormbridge\TicketException::class);
        $tickets->verify($config['beacon']['ticket'], 'commit', $CFG->wwwroot, time() + DAYSECS);
    }

    /**
     * What counts for nobody is not kept: previews, guests, somebody who looks through a learner's eyes.
     */
    public function test_what_counts_for_nobody_is_not_kept(): void {
        $this->set_up_course();
        $scorm = $this->create_activity();
        $preview = $this->config($this->create_launch($scorm, 'lesson', 1, 'browse'));
        $this->assertArrayHasKey('owner', $preview, 'It sends what earlier launches left.');
        $this->assertArrayNotHasKey('beacon', $preview);
        $this->assertArrayNotHasKey('signin', $preview);
        $this->setAdminUser();
        $context = \context_course::instance($this->course->id);
        \core\session\manager::loginas($this->learner->id, $context, false);
        $config = $this->config($this->create_launch($scorm, 'lesson'));
        foreach (['owner', 'beacon', 'signin'] as $member) {
            $this->assertArrayNotHasKey($member, $config);
        }
        $this->assertSame([401, []], session_status::answer('GET', 'same-origin'));
        $this->setGuestUser();
        $this->assertSame([401, []], session_status::answer('GET', 'same-origin'));
    }

    /**
     * Other sites are told nothing, whoever is signed in.
     */
    public function test_other_sites_learn_nothing(): void {
        $this->set_up_course();
        $this->setUser($this->learner);
        foreach (['cross-site', 'same-site', 'none', 'nonsense'] as $site) {
            $this->assertSame([403, []], session_status::answer('GET', $site));
        }
        $this->assertSame([405, []], session_status::answer('POST', 'same-origin'));
        $this->assertSame(200, session_status::answer('GET', '')[0]);
    }
}
