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

use local_externalscormbridge\config;
use local_externalscormbridge\fixtures\cdn_activity;
use local_externalscormbridge\keyring;
use local_externalscormbridge\package\package;
use local_externalscormbridge\package\store as package_store;

defined('MOODLE_INTERNAL') || die();

require_once(__DIR__ . '/../fixtures/cdn_activity.php');

/**
 * What a launch tells the player, and who may launch.
 *
 * @covers \local_externalscormbridge\launch\launcher
 * @covers \local_externalscormbridge\launch\delivery
 * @covers \local_externalscormbridge\launch\attempt_policy
 * @covers \local_externalscormbridge\launch\player_config
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class launcher_test extends \advanced_testcase {
    use cdn_activity;

    /**
     * Starts a SCO as loadSCO.php does.
     *
     * @param \stdClass $scorm
     * @param string $identifier of the SCO, empty for none
     * @param string $mode
     * @return start
     */
    private function start(\stdClass $scorm, string $identifier, string $mode = 'normal'): start {
        $cm = get_coursemodule_from_instance('scorm', $scorm->id, 0, false, MUST_EXIST);
        $package = package_store::find((int) $scorm->id);
        $launcher = new launcher($scorm, $cm, \context_module::instance($cm->id), $package);
        return $launcher->start($identifier === '' ? 0 : $this->sco_id($scorm, $identifier), $mode, '');
    }

    /**
     * Asserts that a launch is refused.
     *
     * @param string $reason
     * @param callable $launch
     */
    private function assert_refused(string $reason, callable $launch): void {
        global $DB;

        $before = $DB->count_records('local_externalscormbridge_launch');
        try {
            $launch();
            $this->fail('The launch was allowed.');
        } catch (refused $e) {
            $this->assertSame($reason, $e->reason);
            $this->assertNotSame('', $e->getMessage());
        }
        $this->assertSame($before, $DB->count_records('local_externalscormbridge_launch'));
    }

    /**
     * The player of a sandboxed SCO is told where to load it, what is stored and where to commit.
     */
    public function test_sandbox(): void {
        global $CFG;

        $this->set_up_course();
        $scorm = $this->create_activity();
        $start = $this->start($scorm, 'lesson');
        $player = $start->player;
        $this->assertSame('sandbox', $start->delivery->mode);
        $this->assertSame('null', $player['frame']['origin']);
        $this->assertSame('', $player['sco']);
        $pattern = '~^' . preg_quote($CFG->wwwroot) . '/local/externalscormbridge/content\.php/(v1\.[^/]+)/index\.html\?lang=en$~';
        $this->assertMatchesRegularExpression($pattern, $player['frame']['url']);
        $this->assertSame('1.2', $player['seed']['version']);
        $elements = array_column($player['seed']['elements'], 1, 0);
        $this->assertSame($this->learner->username, $elements['cmi.core.student_id']);
        $launch = store::find($player['launch']);
        $this->assertSame([(int) $this->learner->id, 1, 'normal'], [$launch->userid, $launch->attempt, $launch->mode]);
        $this->assertStringContainsString('/mod/scorm/prereqs.php?', $player['navigation']['prereqs']);

        preg_match($pattern, $player['frame']['url'], $found);
        $ring = keyring::load(keyring::TICKETS);
        $tickets = new \Scormbridge\Tickets($ring['keys'], $ring['current']);
        $claims = $tickets->verify($found[1], 'content', $CFG->wwwroot, time());
        $this->assertSame('https://cdn.example.com/course/', $claims['base']);
        $this->assertSame('sandbox', $claims['mode']);
    }

    /**
     * A page is told how far earlier launches of the same SCO in the same attempt have come, and of no others.
     */
    public function test_earlier_launches(): void {
        $this->set_up_course();
        $scorm = $this->create_activity();
        $first = $this->start($scorm, 'lesson')->player;
        $this->assertSame([], $first['earlier']);
        $entries = '[{"seq": 1, "op": "initialize", "at": 0}, {"seq": 2, "op": "commit", "at": 0}]';
        \local_externalscormbridge\external\commit::execute($first['launch'], $entries);
        $second = $this->start($scorm, 'lesson')->player;
        $this->assertSame([[$first['launch'], 2]], $second['earlier']);
        $third = $this->start($scorm, 'lesson')->player;
        $this->assertSame([[$second['launch'], 0], [$first['launch'], 2]], $third['earlier']);
    }

    /**
     * A ticket for the content host is worth nothing on Moodle's own host.
     */
    public function test_content_host(): void {
        global $CFG;

        $this->set_up_course();
        // Spelled as a person may, where browsers know one spelling.
        set_config('contenthost', 'https://Content.example.org:443/', 'local_externalscormbridge');
        $player = $this->start($this->create_activity(), 'lesson')->player;
        $this->assertSame('https://content.example.org', $player['frame']['origin']);
        $pattern = '~^(https://content\.example\.org/local/externalscormbridge/content\.php/([^/]+)/)scormbridge/relay\.html$~';
        $this->assertMatchesRegularExpression($pattern, $player['frame']['url']);
        preg_match($pattern, $player['frame']['url'], $found);
        $this->assertSame("{$found[1]}index.html?lang=en", $player['sco']);

        $ring = keyring::load(keyring::TICKETS);
        $tickets = new \Scormbridge\Tickets($ring['keys'], $ring['current']);
        $this->assertSame('host', $tickets->verify($found[2], 'content', 'https://content.example.org', time())['mode']);
        $this->expectException(\Scormbridge\TicketException::class);
        $tickets->verify($found[2], 'content', $CFG->wwwroot, time());
    }

    /**
     * The site's order decides among what the package can use.
     *
     * @dataProvider orders
     * @param string $order
     * @param string $host
     * @param string[] $usable
     * @param string|null $chosen
     */
    public function test_order_of_delivery(string $order, string $host, array $usable, ?string $chosen): void {
        $this->resetAfterTest();
        set_config('delivery', $order, 'local_externalscormbridge');
        set_config('contenthost', $host, 'local_externalscormbridge');
        $modes = array_map(
            static fn(string $mode): array => ['usable' => in_array($mode, $usable), 'reason' => 'no', 'details' => []],
            array_combine(config::DELIVERY_MODES, config::DELIVERY_MODES)
        );
        $base = 'https://cdn.example.com/';
        $package = new package(1, $base, "{$base}imsmanifest.xml", $base, '', '1.2', $modes, [], null, 0);
        $this->assertSame($chosen, delivery::choose($package, new config(), time())?->mode);
    }

    /**
     * Orders and what comes of them.
     *
     * @return array
     */
    public static function orders(): array {
        $host = 'https://content.example.org';
        return [
            'first choice' => ['direct,host,sandbox', $host, ['direct', 'host', 'sandbox'], 'direct'],
            'next usable' => ['direct,host,sandbox', $host, ['host', 'sandbox'], 'host'],
            'no content host' => ['host,sandbox', '', ['host', 'sandbox'], 'sandbox'],
            'another order' => ['sandbox,direct', $host, ['direct', 'host', 'sandbox'], 'sandbox'],
            'switched off' => ['direct', $host, ['host', 'sandbox'], null],
            'unknown words' => ['nonsense,direct', $host, ['direct'], 'direct'],
        ];
    }

    /**
     * Launches of half a day share their ticket, and no ticket is about to expire.
     */
    public function test_tickets_are_cacheable(): void {
        foreach ([0, 1, 43199, 43200, 1789000000] as $now) {
            $left = delivery::expiry($now) - $now;
            $this->assertGreaterThan(12 * HOURSECS, $left);
            $this->assertLessThanOrEqual(24 * HOURSECS, $left);
        }
        $this->assertSame(delivery::expiry(43200), delivery::expiry(86399));
    }

    /**
     * An asset counts as completed and plays from where it is.
     */
    public function test_asset(): void {
        $this->set_up_course();
        $scorm = $this->create_activity();
        $start = $this->start($scorm, 'leaflet');
        $this->assertNull($start->delivery);
        $this->assertSame('https://cdn.example.com/course/leaflet.html', $start->player['url']);
        $this->assertSame(['cmi.core.lesson_status' => 'completed'], $this->stored($scorm, 'leaflet'));
    }

    /**
     * Who looks at an asset in a preview has not completed it.
     */
    public function test_asset_in_a_preview(): void {
        $this->set_up_course();
        $scorm = $this->create_activity();
        $this->start($scorm, 'leaflet', 'browse');
        $this->assertSame([], $this->stored($scorm, 'leaflet'));
    }

    /**
     * Names and parameters reach the browser, and the header of an asset's redirect, as URLs are written.
     *
     * @dataProvider launches
     * @param string $launch
     * @param string $parameters
     * @param string $expected
     */
    public function test_launch_urls(string $launch, string $parameters, string $expected): void {
        global $DB;

        $this->set_up_course();
        $scorm = $this->create_activity();
        foreach (['lesson', 'leaflet'] as $identifier) {
            $scoid = $this->sco_id($scorm, $identifier);
            $DB->set_field('scorm_scoes', 'launch', $launch, ['id' => $scoid]);
            $DB->delete_records('scorm_scoes_data', ['scoid' => $scoid, 'name' => 'parameters']);
            $DB->insert_record('scorm_scoes_data', ['scoid' => $scoid, 'name' => 'parameters', 'value' => $parameters]);
        }
        $asset = $this->start($scorm, 'leaflet')->player['url'];
        $this->assertSame("https://cdn.example.com/course/{$expected}", $asset);
        $this->assertStringEndsWith("/{$expected}", $this->start($scorm, 'lesson')->player['frame']['url']);
    }

    /**
     * Launches.
     *
     * @return array
     */
    public static function launches(): array {
        return [
            'spaces and letters' => ['a b/Übung.html', '?x=1', 'a%20b/%C3%9Cbung.html?x=1'],
            'a fragment stays last' => ['index.html#p2', 'x=1', 'index.html?x=1#p2'],
            'a fragment as parameter' => ['index.html', '#p2', 'index.html#p2'],
            'a query goes on' => ['index.html?y=2', '?x=1', 'index.html?y=2&x=1'],
            'absolute' => ['https://cdn.example.com/course/a.html', '', 'a.html'],
        ];
    }

    /**
     * An organization leads to its first SCO, and so does nothing.
     */
    public function test_organization_leads_to_its_first_sco(): void {
        $this->set_up_course();
        $scorm = $this->create_activity();
        foreach (['course', ''] as $identifier) {
            $this->assertSame('lesson', $this->start($scorm, $identifier)->sco->identifier);
        }
    }

    /**
     * What player.php noted counts, if it is about this activity and possible.
     */
    public function test_attempt_and_mode_are_those_of_the_player(): void {
        global $SESSION;

        $this->set_up_course();
        $scorm = $this->create_activity();
        $scoid = $this->sco_id($scorm, 'lesson');
        scorm_insert_track($this->learner->id, $scorm->id, $scoid, 2, 'x.start.time', time());
        $noted = ['scoid' => $scoid, 'attempt' => 3, 'scormmode' => 'review'];
        $SESSION->scorm = (object) $noted;
        $launch = store::find($this->start($scorm, 'lesson')->player['launch']);
        $this->assertSame([3, 'review'], [$launch->attempt, $launch->mode]);

        foreach ([['attempt' => 9], ['scormmode' => 'nonsense'], ['scoid' => $scoid + 1000]] as $wrong) {
            $SESSION->scorm = (object) ($wrong + $noted);
            $launch = store::find($this->start($scorm, 'lesson')->player['launch']);
            $this->assertSame([2, 'normal'], [$launch->attempt, $launch->mode]);
        }
    }

    /**
     * Without player.php nobody gets another attempt, or into a preview that is switched off.
     */
    public function test_attempts_without_the_player(): void {
        $this->set_up_course();
        $scorm = $this->create_activity('basic12', ['maxattempt' => 1, 'lastattemptlock' => 1, 'hidebrowse' => 1]);
        $launch = store::find($this->start($scorm, 'lesson', 'browse')->player['launch']);
        $this->assertSame('normal', $launch->mode);
        $scoid = $this->sco_id($scorm, 'lesson');
        scorm_insert_track($this->learner->id, $scorm->id, $scoid, 1, 'x.start.time', time());
        $this->assert_refused('attempts_used', fn() => $this->start($scorm, 'lesson'));
    }

    /**
     * Who may not save is told so by the mode.
     */
    public function test_without_the_right_to_save_it_is_a_preview(): void {
        global $DB;

        $this->set_up_course();
        $scorm = $this->create_activity();
        $role = $DB->get_field('role', 'id', ['shortname' => 'student']);
        assign_capability('mod/scorm:savetrack', CAP_PROHIBIT, $role, \context_module::instance($scorm->cmid)->id);
        $this->assertSame('browse', $this->start($scorm, 'lesson')->player['seed']['mode']);
    }

    /**
     * A closed activity, a source that is no longer allowed, and no way of delivery: refused with words.
     */
    public function test_refusals(): void {
        global $DB;

        $this->set_up_course();
        $scorm = $this->create_activity('basic12', ['timeclose' => time() - 1]);
        $this->assert_refused('not_available', fn() => $this->start($scorm, 'lesson'));

        $scorm = $this->create_activity();
        set_config('allowlist', 'other.example.com', 'local_externalscormbridge');
        $this->assert_refused('source_not_allowed', fn() => $this->start($scorm, 'lesson'));

        // A package that a backup brought: its folder is not its manifest's, or it lies on this very site.
        set_config('allowlist', '', 'local_externalscormbridge');
        $own = 'https://www.example.com/course/';
        $wrongs = [['baseurl' => 'https://evil.example.com/'], ['baseurl' => $own, 'manifesturl' => "{$own}imsmanifest.xml"]];
        foreach ($wrongs as $wrong) {
            $row = $DB->get_record('local_externalscormbridge_pkg', ['scormid' => $scorm->id]);
            $DB->update_record('local_externalscormbridge_pkg', ['id' => $row->id] + $wrong);
            $this->assert_refused('source_not_allowed', fn() => $this->start($scorm, 'lesson'));
            $DB->update_record('local_externalscormbridge_pkg', $row);
        }

        set_config('delivery', 'direct', 'local_externalscormbridge');
        $this->assert_refused('no_delivery', fn() => $this->start($scorm, 'lesson'));
        foreach ([[$this->learner, false], [get_admin(), true]] as [$user, $detailed]) {
            $this->setUser($user);
            try {
                $this->start($scorm, 'lesson');
                $this->fail('The launch was allowed.');
            } catch (refused $e) {
                $this->assertSame($detailed, str_contains($e->getMessage(), 'no relay'));
            }
        }
        $this->setUser($this->learner);

        set_config('delivery', 'sandbox', 'local_externalscormbridge');
        $scoid = $this->sco_id($scorm, 'lesson');
        $DB->set_field('scorm_scoes', 'launch', 'https://elsewhere.example.com/index.html', ['id' => $scoid]);
        $this->assert_refused('launch_elsewhere', fn() => $this->start($scorm, 'lesson'));
    }

    /**
     * The launch is in the log, as mod_scorm puts it there.
     */
    public function test_launch_is_logged(): void {
        $this->set_up_course();
        $scorm = $this->create_activity();
        $sink = $this->redirectEvents();
        $this->start($scorm, 'lesson');
        $events = array_filter($sink->get_events(), static fn($event) => $event instanceof \mod_scorm\event\sco_launched);
        $this->assertCount(1, $events);
        // By its place on the CDN: what the browser loads holds a ticket.
        $this->assertSame('https://cdn.example.com/course/index.html?lang=en', reset($events)->other['loadedcontent']);
    }
}
