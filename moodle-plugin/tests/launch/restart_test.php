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

use local_externalscormbridge\event\sco_restarted;
use local_externalscormbridge\event\track_unreadable;
use local_externalscormbridge\external\commit;
use local_externalscormbridge\external\launch as launch_function;
use local_externalscormbridge\fixtures\cdn_activity;
use local_externalscormbridge\history\integrity;
use local_externalscormbridge\history\sco_attempt;
use local_externalscormbridge\keyring;
use local_externalscormbridge\tracking\kept_values;

defined('MOODLE_INTERNAL') || die();

require_once(__DIR__ . '/../fixtures/cdn_activity.php');

/**
 * Suspend data that cannot be read any more locks nobody out, begins nothing anew unasked, and is never thrown away.
 *
 * @covers \local_externalscormbridge\launch\launcher
 * @covers \local_externalscormbridge\launch\restart
 * @covers \local_externalscormbridge\tracking\kept_values
 * @covers \local_externalscormbridge\tracking\track_store
 * @covers \local_externalscormbridge\event\sco_restarted
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class restart_test extends \advanced_testcase {
    use cdn_activity;

    /** What the learner has reached. */
    private const VALUES = [
        'cmi.core.lesson_location' => 'p3',
        'cmi.core.score.raw' => '85',
        'cmi.core.exit' => 'suspend',
        'cmi.suspend_data' => 'page=3',
        'cmi.core.session_time' => '00:01:00',
    ];

    /**
     * An activity in which the learner has been, and may be again.
     *
     * @return array{\stdClass, launch}
     */
    private function played(): array {
        $this->set_up_course();
        $scorm = $this->create_activity();
        $launch = $this->create_launch($scorm, 'lesson');
        commit::execute($launch->token, $this->journal(self::VALUES));
        return [$scorm, $launch];
    }

    /**
     * Ways in which a sealed value becomes unreadable.
     *
     * @return array
     */
    public static function damages(): array {
        return [
            'truncated' => [static fn(string $sealed): string => substr($sealed, 0, -10)],
            'almost all gone' => [static fn(string $sealed): string => substr($sealed, 0, 8)],
            'changed' => [static fn(string $sealed): string => substr($sealed, 0, -3) . strrev(substr($sealed, -3)) . ''],
            'of another key' => [static fn(string $sealed): string => str_replace(':k1:', ':k7:', $sealed)],
            'of another learner' => [static function (string $sealed): string {
                $ring = keyring::load(keyring::DATA);
                $vault = new \Scormbridge\Vault($ring['keys'], $ring['current']);
                return $vault->seal('page=3', ['1', '2', '3', '4', 'cmi.suspend_data']);
            }],
        ];
    }

    /**
     * Damages the stored suspend data.
     *
     * @param \stdClass $scorm
     * @param callable $damage
     * @return string as stored now
     */
    private function damage(\stdClass $scorm, callable $damage): string {
        global $DB;

        $damaged = $damage($this->stored($scorm, 'lesson')['cmi.suspend_data']);
        $id = $DB->get_field('scorm_element', 'id', ['element' => 'cmi.suspend_data'], MUST_EXIST);
        $DB->set_field('scorm_scoes_value', 'value', $damaged, ['elementid' => $id]);
        return $damaged;
    }

    /**
     * Launches as a player does.
     *
     * @param \stdClass $scorm
     * @param bool $restart
     * @return array<string, string> what the SCO would read
     */
    private function launch(\stdClass $scorm, bool $restart = false): array {
        $answer = launch_function::execute((int) $scorm->cmid, $this->sco_id($scorm, 'lesson'), 'normal', $restart);
        return array_column(json_decode($answer['player'], true)['seed']['elements'], 1, 0);
    }

    /**
     * The learner is asked, begins anew with what can still be read, and the old value is kept as it was.
     *
     * @dataProvider damages
     * @param callable $damage
     */
    public function test_the_learner_begins_anew(callable $damage): void {
        global $DB;

        [$scorm, $played] = $this->played();
        $this->assertSame('page=3', $this->launch($scorm)['cmi.suspend_data']);
        $damaged = $this->damage($scorm, $damage);
        $launches = $DB->count_records('local_externalscormbridge_launch');
        $sink = $this->redirectEvents();
        for ($i = 0; $i < 2; $i++) {
            try {
                $this->launch($scorm);
                $this->fail('It began anew, unasked.');
            } catch (refused $e) {
                $this->assertSame('error_unreadable', $e->errorcode);
            }
        }
        $this->assertSame($damaged, $this->stored($scorm, 'lesson')['cmi.suspend_data'], 'Nothing has happened yet.');
        $this->assertSame($launches, $DB->count_records('local_externalscormbridge_launch'));
        $this->assertContains(track_unreadable::class, array_map('get_class', $sink->get_events()));

        $elements = $this->launch($scorm, true);
        $this->assertSame('', $elements['cmi.suspend_data'] ?? '');
        $this->assertSame('', $elements['cmi.core.lesson_location'] ?? '');
        $this->assertSame('85', $elements['cmi.core.score.raw'], 'What was reached stays.');
        $this->assertNotSame('resume', $elements['cmi.core.entry'] ?? '');
        $restarted = array_filter($sink->get_events(), static fn($event): bool => $event instanceof sco_restarted);
        $this->assertCount(1, $restarted);
        $this->assertStringContainsString('cmi.suspend_data', reset($restarted)->get_description());

        $kept = array_values($DB->get_records(kept_values::TABLE));
        $this->assertCount(1, $kept);
        $this->assertSame([$damaged, 'cmi.suspend_data'], [$kept[0]->value, $kept[0]->element]);
        $this->assertNotSame('', $kept[0]->reason);
        $this->assertSame([], integrity::check(sco_attempt::of($played)), 'The history knows of it.');

        // Asked for once more, nothing more happens.
        $this->launch($scorm, true);
        $this->assertSame(1, $DB->count_records(kept_values::TABLE));
    }

    /**
     * A value that a running window overwrites, unread, is kept as well.
     */
    public function test_nothing_is_overwritten_silently(): void {
        global $DB;

        $this->set_up_course();
        $scorm = $this->create_activity();
        $launch = $this->create_launch($scorm, 'lesson');
        commit::execute($launch->token, $this->journal(['cmi.suspend_data' => 'one']));
        $damaged = $this->damage($scorm, static fn(string $sealed): string => substr($sealed, 0, -10));
        commit::execute($launch->token, $this->journal(['cmi.suspend_data' => 'two', 'cmi.core.score.raw' => '5'], false, 4));
        commit::execute($launch->token, $this->journal(['cmi.suspend_data' => 'three'], false, 7));
        $this->assertSame([$damaged], $DB->get_fieldset(kept_values::TABLE, 'value', []));
    }

    /**
     * A key that comes back opens what was kept.
     */
    public function test_a_key_that_comes_back_opens_it(): void {
        global $DB;

        [$scorm] = $this->played();
        $ring = get_config('local_externalscormbridge', keyring::DATA);
        unset_config(keyring::DATA, 'local_externalscormbridge');
        keyring::rotate(keyring::DATA);
        $this->launch($scorm, true);
        $rows = iterator_to_array(kept_values::all(['userid' => $this->learner->id]), false);
        $this->assertCount(1, $rows);
        $this->assertNull(kept_values::open($rows[0]));
        set_config(keyring::DATA, $ring, 'local_externalscormbridge');
        $this->assertSame('page=3', kept_values::open($rows[0]));
    }

    /**
     * Who only looks is not asked.
     */
    public function test_a_preview_asks_nothing(): void {
        [$scorm] = $this->played();
        $this->damage($scorm, static fn(string $sealed): string => substr($sealed, 0, -10));
        $answer = launch_function::execute((int) $scorm->cmid, $this->sco_id($scorm, 'lesson'), 'browse');
        $this->assertSame('browse', json_decode($answer['player'], true)['seed']['mode']);
        $this->assertSame('esb1:', substr($this->stored($scorm, 'lesson')['cmi.suspend_data'], 0, 5));
    }

    /**
     * The page that asks cannot be made to run anything.
     */
    public function test_the_page_that_asks(): void {
        $this->resetAfterTest();
        $this->setUser($this->getDataGenerator()->create_user());
        ob_start();
        @(new \local_externalscormbridge\output\stage_page())->send_restart('https://moodle.example.org/?a=1&b="><script>');
        $page = ob_get_clean();
        $this->assertStringContainsString('name="restart" value="1" required', $page);
        $this->assertStringContainsString('value="' . sesskey() . '"', $page);
        $this->assertStringNotContainsString('<script>', $page);
    }
}
