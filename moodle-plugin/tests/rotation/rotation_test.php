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

namespace local_externalscormbridge\rotation;

use local_externalscormbridge\external\commit;
use local_externalscormbridge\fixtures\cdn_activity;
use local_externalscormbridge\history\integrity;
use local_externalscormbridge\history\sco_attempt;
use local_externalscormbridge\keyring;
use local_externalscormbridge\launch\launch;
use local_externalscormbridge\tracking\kept_values;
use local_externalscormbridge\tracking\track_store;

defined('MOODLE_INTERNAL') || die();

require_once(__DIR__ . '/../fixtures/cdn_activity.php');

/**
 * Keys are changed under everything that is stored, and nothing is lost by it.
 *
 * @covers \local_externalscormbridge\rotation\place
 * @covers \local_externalscormbridge\rotation\resealer
 * @covers \local_externalscormbridge\rotation\old_keys
 * @covers \local_externalscormbridge\keyring
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class rotation_test extends \advanced_testcase {
    use cdn_activity;

    /** Elements that are sealed under the default settings. */
    private const SEALED = [
        'cmi.suspend_data', 'cmi.interactions.0.id', 'cmi.interactions.0.student_response', 'cmi.interactions.1.id',
        'cmi.comments',
    ];

    /** @var \stdClass the activity */
    private \stdClass $scorm;

    /**
     * Learners with values of any kind of text.
     *
     * @param int $seed
     * @param int $learners
     * @return launch[]
     */
    private function play(int $seed, int $learners): array {
        mt_srand($seed);
        $texts = ['a', '0', "\u{1F680}\u{05D0}é", str_repeat('x', 3000), 'esb1:k1:of a learner', "line\nline", '%_\\\'"'];
        $launches = [];
        for ($number = 0; $number < $learners; $number++) {
            $this->learner = $this->getDataGenerator()->create_and_enrol($this->course, 'student');
            $this->setUser($this->learner);
            $launch = $this->create_launch($this->scorm, 'lesson');
            $values = ['cmi.core.lesson_location' => 'p' . mt_rand()];
            foreach (self::SEALED as $element) {
                $values[$element] = str_contains($element, 'interactions')
                    ? 'q' . mt_rand(0, 9)
                    : $texts[mt_rand(0, count($texts) - 1)] . mt_rand();
            }
            commit::execute($launch->token, $this->journal($values));
            $launches[] = $launch;
        }
        return $launches;
    }

    /**
     * What the learners of launches have, in plain text.
     *
     * @param launch[] $launches
     * @return array[]
     */
    private function read(array $launches): array {
        return array_map(
            static fn(launch $launch): array
                => (new track_store($launch->scormid, $launch->userid, $launch->scoid, $launch->attempt))->read(),
            $launches
        );
    }

    /**
     * Has everybody's current key be made some time ago.
     *
     * @param string $ring
     * @param int $seconds
     */
    private function age(string $ring, int $seconds): void {
        $stored = json_decode(\core\encryption::decrypt(get_config('local_externalscormbridge', $ring)), true);
        $stored['made'] = array_map(static fn(int $made): int => $made - $seconds, $stored['made']);
        set_config($ring, \core\encryption::encrypt(json_encode($stored)), 'local_externalscormbridge');
    }

    /**
     * Feature: external-scorm-bridge, Property 21: what was stored reads the same after every value was sealed anew, in any
     * number of runs, and the history still gives it. The old key goes only then.
     */
    public function test_property_21_values_survive_a_change_of_keys(): void {
        $this->set_up_course();
        $this->scorm = $this->create_activity();
        $launches = $this->play(20261120, 100);
        $before = $this->read($launches);
        $sealed = array_sum(old_keys::usage()['k1']);
        $this->assertGreaterThan(500, $sealed);

        $this->assertSame('k2', keyring::rotate(keyring::DATA));
        $this->age(keyring::DATA, HOURSECS + 1);
        $this->assertSame(['k1' => old_keys::IN_USE], old_keys::drop(keyring::DATA, time()));
        $dry = (new resealer(true))->run();
        $this->assertSame([$sealed, 0], [$dry->resealed, array_sum(old_keys::usage()['k2'])]);

        $half = (new resealer(false, intdiv($sealed, 2)))->run();
        $this->assertSame([intdiv($sealed, 2), false], [$half->resealed, $half->complete]);
        $this->assertSame($before, $this->read($launches), 'Half of them have another key than the rest.');
        $this->assertSame(['k1' => old_keys::IN_USE], old_keys::drop(keyring::DATA, time()));

        $rest = (new resealer())->run();
        $this->assertSame([$sealed - intdiv($sealed, 2), 0, true], [$rest->resealed, $rest->unopened, $rest->complete]);
        $this->assertSame(0, (new resealer())->run()->resealed, 'There is nothing left to do.');
        $this->assertSame(['k1' => null], old_keys::drop(keyring::DATA, time()));
        $this->assertSame(['k2'], array_keys(keyring::load(keyring::DATA)['keys']));
        $this->assertSame($before, $this->read($launches));
        foreach ($launches as $launch) {
            $this->assertSame([], integrity::check(sco_attempt::of($launch)));
        }
        $this->assertSame('k3', keyring::rotate(keyring::DATA), 'An id is never used again.');
        keyring::drop(keyring::DATA, ['k2']);
        $this->assertSame('k4', keyring::rotate(keyring::DATA));
    }

    /**
     * Ways in which a value cannot be opened, and why its key then stays.
     *
     * @return array
     */
    public static function damages(): array {
        return [
            'changed' => [static fn(string $sealed): string => substr($sealed, 0, -4) . 'AAAA', old_keys::IN_USE],
            'cut off' => [static fn(string $sealed): string => substr($sealed, 0, 20), old_keys::IN_USE],
            'cut off before its key' => [static fn(string $sealed): string => substr($sealed, 0, 6), old_keys::UNNAMED],
        ];
    }

    /**
     * A value that cannot be opened is left as it is and counted, and its key stays.
     *
     * @dataProvider damages
     * @param callable $damage
     * @param string $reason
     */
    public function test_what_cannot_be_opened_keeps_its_key(callable $damage, string $reason): void {
        global $DB;

        $this->set_up_course();
        $this->scorm = $this->create_activity();
        $this->play(1, 2);
        $element = $DB->get_field('scorm_element', 'id', ['element' => 'cmi.suspend_data'], MUST_EXIST);
        $row = array_values($DB->get_records('scorm_scoes_value', ['elementid' => $element], 'id'))[0];
        $damaged = $damage($row->value);
        $DB->set_field('scorm_scoes_value', 'value', $damaged, ['id' => $row->id]);

        keyring::rotate(keyring::DATA);
        $this->age(keyring::DATA, HOURSECS + 1);
        $this->assertSame(1, (new resealer())->run()->unopened);
        $this->assertSame($damaged, $DB->get_field('scorm_scoes_value', 'value', ['id' => $row->id]));
        $this->assertSame(['k1' => $reason], old_keys::drop(keyring::DATA, time()));
        $this->assertArrayHasKey('k1', keyring::load(keyring::DATA)['keys']);
    }

    /**
     * A kept value that opens is sealed anew as well; one that does not keeps its key.
     */
    public function test_kept_values_count(): void {
        $this->set_up_course();
        $this->scorm = $this->create_activity();
        [$launch] = $this->play(1, 1);
        $of = sco_attempt::of($launch);
        $sealed = $this->stored($this->scorm, 'lesson')['cmi.suspend_data'];
        kept_values::keep($of, 'cmi.suspend_data', $sealed, 'seal_key_unknown');
        keyring::rotate(keyring::DATA);
        $this->age(keyring::DATA, HOURSECS + 1);
        (new resealer())->run();
        $this->assertSame(['tracks' => 0, 'kept' => 0, 'history' => 0], old_keys::usage()['k1']);
        kept_values::keep($of, 'cmi.comments', 'esb1:k1:nonsense', 'seal_forged');
        $this->assertSame(['k1' => old_keys::IN_USE], old_keys::drop(keyring::DATA, time()));
    }

    /**
     * A learner who saves while values are sealed anew wins: what was read before is not written over what is there now.
     */
    public function test_a_learner_who_plays_meanwhile_wins(): void {
        global $DB;

        $this->set_up_course();
        $this->scorm = $this->create_activity();
        [$launch] = $this->play(1, 1);
        keyring::rotate(keyring::DATA);
        $place = place::all()[0];
        $rows = $place->next('k2', 0, 50);
        $suspended = array_values(array_filter($rows, static fn(\stdClass $row): bool => $row->element === 'cmi.suspend_data'));
        commit::execute($launch->token, $this->journal(['cmi.suspend_data' => 'newer'], false, $launch->lastseq + 9));
        $now = $DB->get_field('scorm_scoes_value', 'value', ['id' => $suspended[0]->id]);
        $this->assertStringStartsWith('esb1:k2:', $now);
        $this->assertFalse($place->replace($suspended[0], 'esb1:k2:older'));
        $this->assertSame($now, $DB->get_field('scorm_scoes_value', 'value', ['id' => $suspended[0]->id]));
        $this->assertSame('newer', $this->read([$launch])[0]['cmi.suspend_data']);
    }

    /**
     * What only looks sealed, in an activity that plays no package from a CDN, is a learner's own text.
     */
    public function test_other_activities_are_left_alone(): void {
        $this->set_up_course();
        $this->scorm = $this->create_activity();
        $other = $this->getDataGenerator()->create_module('scorm', ['course' => $this->course->id]);
        $sco = (int) array_key_last(scorm_get_scoes($other->id));
        scorm_insert_track($this->learner->id, $other->id, $sco, 1, 'cmi.suspend_data', 'esb1:k1:mine');
        keyring::load(keyring::DATA);
        keyring::rotate(keyring::DATA);
        $this->assertSame([0, 0], [(new resealer())->run()->unopened, array_sum(old_keys::usage()['k1'])]);
    }

    /**
     * Keys that a request under way or a ticket may still need stay, and the current one always does.
     */
    public function test_young_keys_stay(): void {
        $this->resetAfterTest();
        foreach ([keyring::DATA => HOURSECS, keyring::TICKETS => DAYSECS + HOURSECS] as $ring => $grace) {
            $this->assertSame([], old_keys::drop($ring, time()));
            keyring::rotate($ring);
            $this->assertSame(['k1' => old_keys::TOO_SOON], old_keys::drop($ring, time() + $grace - 5));
            $this->assertSame(['k1' => null], old_keys::drop($ring, time() + $grace + 5));
            $this->assertSame([], keyring::drop($ring, ['k2']));
            $this->assertSame('k2', keyring::load($ring)['current']);
        }
    }
}
