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

use local_externalscormbridge\event\track_unreadable;
use local_externalscormbridge\external\commit;
use local_externalscormbridge\fixtures\cdn_activity;
use local_externalscormbridge\keyring;

defined('MOODLE_INTERNAL') || die();

require_once(__DIR__ . '/../fixtures/cdn_activity.php');

/**
 * Tracks come back as they were, and secrets rest sealed.
 *
 * @covers \local_externalscormbridge\tracking\track_store
 * @covers \local_externalscormbridge\tracking\sealer
 * @covers \local_externalscormbridge\keyring
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class track_store_test extends \advanced_testcase {
    use cdn_activity;

    /** Values that databases and PHP like to confuse. */
    private const TRICKY = [
        '0', '00', '01', '1', '1.0', '1e0', '10', '1e1', '', ' ', ' 1', '1 ', 'null', 'false', "'", '"', '\\', "a\nb", "\t",
        'é', "e\u{301}", '𝔊', "\u{10FFFD}", "\u{FFFD}", '%', '_', 'esb1:', 'esb1:k1:', 'esb1:k1:AAAA', '<script>', '{$a}',
    ];

    /**
     * A store of the learner's first attempt at the lesson.
     *
     * @param \stdClass $scorm
     * @return track_store
     */
    private function store(\stdClass $scorm): track_store {
        return new track_store((int) $scorm->id, (int) $this->learner->id, $this->sco_id($scorm, 'lesson'), 1);
    }

    /**
     * A random text of any plane of Unicode.
     *
     * @param int $length in characters
     * @return string
     */
    private function random_text(int $length): string {
        $text = '';
        while ($length-- > 0) {
            $plane = random_int(0, 16);
            $point = $plane * 0x10000 + random_int($plane === 0 ? 0x20 : 0, 0xFFFD);
            $text .= $point >= 0xD800 && $point <= 0xDFFF ? '·' : mb_chr($point, 'UTF-8');
        }
        return $text;
    }

    /**
     * Feature: external-scorm-bridge, Property 5: what is stored is read back exactly, whatever was stored before.
     */
    public function test_property_5_values_persist(): void {
        $this->set_up_course();
        $scorm = $this->create_activity();
        $values = self::TRICKY;
        for ($i = 0; $i < 100; $i++) {
            $values[] = random_int(0, 2) ? $this->random_text(random_int(0, 60)) : (string) random_int(-20, 20) / 10;
        }
        shuffle($values);
        foreach ($values as $value) {
            $value = (string) $value;
            foreach (['plain', 'suspend'] as $class) {
                $this->store($scorm)->write([
                    ['element' => "cmi.{$class}", 'value' => $value, 'class' => $class],
                ]);
                $this->assertSame($value, $this->store($scorm)->read()["cmi.{$class}"]);
            }
        }
    }

    /**
     * Feature: external-scorm-bridge, Property 21: what is secret cannot be read from the database, what is not can.
     */
    public function test_property_21_secrets_rest_sealed(): void {
        $this->set_up_course();
        $scorm = $this->create_activity();
        for ($i = 0; $i < 100; $i++) {
            $value = $this->random_text(random_int(4, 200));
            foreach (['suspend', 'interaction', 'comment'] as $class) {
                $this->store($scorm)->write([['element' => "cmi.{$class}", 'value' => $value, 'class' => $class]]);
                $stored = $this->stored($scorm, 'lesson')["cmi.{$class}"];
                $this->assertStringStartsWith('esb1:k1:', $stored);
                $this->assertStringNotContainsString($value, $stored);
                $this->assertStringNotContainsString(base64_encode($value), $stored);
            }
            $this->store($scorm)->write([['element' => 'cmi.plain', 'value' => $value, 'class' => 'plain']]);
            $this->assertSame($value, $this->stored($scorm, 'lesson')['cmi.plain']);
        }
    }

    /**
     * The site decides what is secret, from then on.
     */
    public function test_scope_is_a_setting(): void {
        $this->set_up_course();
        $scorm = $this->create_activity();
        set_config('sealscope', 'location', 'local_externalscormbridge');
        $this->store($scorm)->write([
            ['element' => 'cmi.suspend_data', 'value' => 'abc', 'class' => 'suspend'],
            ['element' => 'cmi.location', 'value' => 'p3', 'class' => 'location'],
        ]);
        $stored = $this->stored($scorm, 'lesson');
        $this->assertSame('abc', $stored['cmi.suspend_data']);
        $this->assertStringStartsWith('esb1:', $stored['cmi.location']);
    }

    /**
     * Where objectives are sealed, their names are not: a report of mod_scorm's makes columns of them.
     */
    public function test_names_of_objectives_stay_plain(): void {
        $this->set_up_course();
        $scorm = $this->create_activity();
        set_config('sealscope', 'objective,interaction', 'local_externalscormbridge');
        $rows = [
            'cmi.objectives_0.id' => ['bees', 'objective'],
            'cmi.objectives_0.status' => ['passed', 'objective'],
            'cmi.objectives_1.id' => ['esb1:mine', 'objective'],
            'cmi.interactions_0.objectives_0.id' => ['bees', 'interaction'],
        ];
        $write = [];
        foreach ($rows as $element => [$value, $class]) {
            $write[] = ['element' => $element, 'value' => $value, 'class' => $class];
        }
        $this->store($scorm)->write($write);
        $stored = $this->stored($scorm, 'lesson');
        $this->assertSame('bees', $stored['cmi.objectives_0.id']);
        foreach (array_slice(array_keys($rows), 1) as $element) {
            $this->assertStringStartsWith('esb1:k1:', $stored[$element], $element);
        }
        $this->assertSame(array_map(static fn(array $row): string => $row[0], $rows), array_intersect_key(
            $this->store($scorm)->read(),
            $rows
        ));
    }

    /**
     * A sealed value that is copied to another learner's row does not open: it is left out and logged.
     */
    public function test_a_value_opens_in_its_own_row_only(): void {
        global $DB;

        $this->set_up_course();
        $scorm = $this->create_activity();
        $this->store($scorm)->write([['element' => 'cmi.suspend_data', 'value' => 'abc', 'class' => 'suspend']]);
        $sealed = $this->stored($scorm, 'lesson')['cmi.suspend_data'];
        $other = $this->getDataGenerator()->create_and_enrol($this->course, 'student');
        scorm_insert_track($other->id, $scorm->id, $this->sco_id($scorm, 'lesson'), 1, 'cmi.suspend_data', $sealed);
        scorm_insert_track($other->id, $scorm->id, $this->sco_id($scorm, 'lesson'), 1, 'cmi.location', 'p3');

        $events = $this->redirectEvents();
        $read = (new track_store((int) $scorm->id, (int) $other->id, $this->sco_id($scorm, 'lesson'), 1))->read();
        $this->assertSame(['cmi.location' => 'p3'], $read);
        $logged = array_values(array_filter($events->get_events(), static fn($event) => $event instanceof track_unreadable));
        $this->assertCount(1, $logged);
        $this->assertSame((int) $other->id, (int) $logged[0]->relateduserid);
        $this->assertSame('seal_forged', $logged[0]->other['reason']);
        $this->assertStringNotContainsString($sealed, $logged[0]->get_description());
    }

    /**
     * A new key seals, the old one still opens.
     */
    public function test_keys_can_be_rotated(): void {
        $this->set_up_course();
        $scorm = $this->create_activity();
        $this->store($scorm)->write([['element' => 'cmi.suspend_data', 'value' => 'old', 'class' => 'suspend']]);
        keyring::rotate(keyring::DATA);
        $this->assertSame('old', $this->store($scorm)->read()['cmi.suspend_data']);
        $this->store($scorm)->write([['element' => 'cmi.suspend_data', 'value' => 'new', 'class' => 'suspend']]);
        $this->assertStringStartsWith('esb1:k2:', $this->stored($scorm, 'lesson')['cmi.suspend_data']);
        $this->assertSame('new', $this->store($scorm)->read()['cmi.suspend_data']);
    }

    /**
     * The keys themselves are not to be read from the database.
     */
    public function test_keys_rest_encrypted(): void {
        $this->resetAfterTest();
        $ring = keyring::load(keyring::DATA);
        $stored = get_config('local_externalscormbridge', keyring::DATA);
        $this->assertMatchesRegularExpression('/^[0-9a-f]{64}$/', $ring['keys'][$ring['current']]);
        $this->assertStringNotContainsString($ring['keys'][$ring['current']], $stored);
        $this->assertSame($ring, keyring::load(keyring::DATA));
    }

    /**
     * Two commits that are the first to name an element may leave mod_scorm's cache saying that there is none. It is
     * asked again, and put right.
     */
    public function test_an_element_that_the_cache_denies_is_saved(): void {
        global $DB;

        $this->set_up_course();
        $scorm = $this->create_activity();
        $first = $this->create_launch($scorm, 'lesson');
        commit::execute($first->token, $this->journal(['cmi.core.lesson_location' => 'p1']));
        $cache = \cache::make('mod_scorm', 'elements');
        $cache->set('cmi.core.lesson_location', null);
        commit::execute($first->token, $this->journal(['cmi.core.lesson_location' => 'p2'], false, 4));
        $this->assertSame('p2', $this->stored($scorm, 'lesson')['cmi.core.lesson_location']);
        $id = $DB->get_field('scorm_element', 'id', ['element' => 'cmi.core.lesson_location'], MUST_EXIST);
        $this->assertEquals($id, $cache->get('cmi.core.lesson_location'));
    }
}
