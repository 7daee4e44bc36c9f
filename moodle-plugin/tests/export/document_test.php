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

namespace local_externalscormbridge\export;

use local_externalscormbridge\external\commit;
use local_externalscormbridge\fixtures\cdn_activity;
use local_externalscormbridge\fixtures\exported;
use local_externalscormbridge\fixtures\random_sessions;
use local_externalscormbridge\history\sco_attempt;
use local_externalscormbridge\history\store as history;
use local_externalscormbridge\report\activity;
use local_externalscormbridge\tracking\track_store;

defined('MOODLE_INTERNAL') || die();

require_once(__DIR__ . '/../fixtures/cdn_activity.php');
require_once(__DIR__ . '/../fixtures/exported.php');
require_once(__DIR__ . '/../fixtures/random_sessions.php');

/**
 * What is exported is what was stored.
 *
 * @covers \local_externalscormbridge\export\document
 * @covers \local_externalscormbridge\export\notation
 * @covers \local_externalscormbridge\export\part
 * @covers \local_externalscormbridge\export\request
 * @covers \local_externalscormbridge\export\selection
 * @covers \local_externalscormbridge\export\sheet\history
 * @covers \local_externalscormbridge\export\sheet\interactions
 * @covers \local_externalscormbridge\export\sheet\objectives
 * @covers \local_externalscormbridge\export\sheet\summary
 * @covers \local_externalscormbridge\export\sheet\tracked
 * @covers \local_externalscormbridge\export\sheet\values
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class document_test extends \advanced_testcase {
    use cdn_activity;

    /** What random texts are made of: what breaks files, spreadsheets and careless code. */
    private const PIECES = [
        '=1+1', '+1', '-1', '@SUM(A1)', "\t", "'", "''=", '"', '""', ',', ';', "\n", "\r\n", ' ', '  ', '\\', '\\n', '<b>', '&amp;',
        '_x0001_', '%00', 'null', '0012', 'esb1:', "\u{FF1D}", "\u{1F680}", "\u{E9}", "\u{202E}", 'a', 'Zz',
    ];

    /** Control characters, which only sealed values can hold in every database. */
    private const CONTROLS = ["\x01", "\x0B", "\x1F", "\x7F"];

    /**
     * Feature: external-scorm-bridge, Property 25: an export holds every value that was stored, and no other, in CSV and in
     * JSON as it is, and all of the history.
     */
    public function test_property_25_what_is_exported_was_stored(): void {
        $this->set_up_course();
        foreach (['1.2' => ['basic12', 'lesson'], '2004' => ['course2004', 'first']] as $version => [$package, $sco]) {
            $scorm = $this->create_activity($package);
            $stored = [];
            $given = [];
            $calls = [];
            for ($seed = 1; $seed <= 60; $seed++) {
                $random = new random_sessions($seed, (string) $version);
                $token = $this->create_launch($scorm, $sco, $seed)->token;
                $entries = array_values(array_filter(
                    $random->journal(),
                    static fn(array $entry): bool => $entry['op'] !== 'terminate'
                ));
                $location = $version === '1.2' ? 'cmi.core.lesson_location' : 'cmi.location';
                foreach (['cmi.suspend_data' => $this->text($seed), $location => $this->text(1, 100)] as $element => $value) {
                    $seq = count($entries) + 1;
                    $entries[] = ['seq' => $seq, 'op' => 'set', 'element' => $element, 'value' => $value, 'at' => 1789000000000];
                    $given[$seed][$element] = $value;
                }
                $answer = commit::execute($token, json_encode($entries, JSON_THROW_ON_ERROR));
                $refused = array_column($answer['refused'], 'seq');
                $scormid = (int) $scorm->id;
                $of = new sco_attempt($scormid, (int) $this->learner->id, $this->sco_id($scorm, $sco), $seed);
                $stored[$seed] = (new track_store($scormid, $of->userid, $of->scoid, $seed))->read();
                foreach ($entries as $entry) {
                    if (!in_array($entry['seq'], $refused, true)) {
                        $calls[] = [$seed, $entry['seq'], $entry['op'], $entry['element'] ?? '', $entry['value'] ?? ''];
                    }
                }
            }
            $this->setAdminUser();
            foreach (['csv', 'json'] as $format) {
                $found = [];
                foreach (exported::rows($scorm->cmid, part::VALUES, $format) as $row) {
                    $this->assertSame([(string) $this->learner->id, $sco], [$row['userid'], $row['scoidentifier']]);
                    $this->assertArrayNotHasKey($row['element'], $found[$row['attempt']] ?? [], 'once each');
                    $found[$row['attempt']][$row['element']] = $row['value'];
                }
                $this->assertSame(self::sorted(array_filter($stored)), self::sorted($found), "SCORM {$version}, {$format}");
                foreach ($given as $seed => $values) {
                    foreach ($values as $element => $value) {
                        $this->assertSame($value, $found[$seed][$element] ?? '', "SCORM {$version}, {$format}, attempt {$seed}");
                    }
                }
                $told = array_map(
                    static fn(array $row): array
                        => [(int) $row['attempt'], (int) $row['seq'], $row['call'], $row['element'], $row['value']],
                    exported::rows($scorm->cmid, part::HISTORY, $format)
                );
                $this->assertSame($calls, $told, "history, SCORM {$version}, {$format}");
            }
            $this->setUser($this->learner);
        }
    }

    /**
     * Feature: external-scorm-bridge, Property 13: every interaction and objective that content reports is stored, and
     * comes back with all that was said of it.
     */
    public function test_property_13_interactions_and_objectives_come_back(): void {
        $this->set_up_course();
        $scorm = $this->create_activity('course2004');
        $interactions = [];
        $objectives = [];
        for ($seed = 1; $seed <= 100; $seed++) {
            mt_srand($seed);
            $values = [];
            for ($n = 0; $n < mt_rand(0, 6); $n++) {
                $correct = array_map(fn(): string => 'c' . mt_rand(0, 99), range(0, mt_rand(0, 2)));
                $interaction = [
                    'id' => "urn:q:{$seed}-{$n}",
                    'description' => $this->text(1, 60),
                    'type' => 'fill-in',
                    'response' => $this->text(1, 200),
                    'correct' => implode("\n", $correct),
                    'result' => ['correct', 'incorrect', 'neutral', '0.5'][mt_rand(0, 3)],
                    'weighting' => (string) mt_rand(0, 9),
                    'latency' => 'PT' . mt_rand(1, 59) . 'S',
                ];
                $interactions[] = [(string) $seed, (string) ($n + 1), ...array_values($interaction)];
                $values["cmi.interactions.{$n}.id"] = $interaction['id'];
                $values["cmi.interactions.{$n}.type"] = $interaction['type'];
                foreach (['description', 'result', 'weighting', 'latency'] as $name) {
                    $values["cmi.interactions.{$n}.{$name}"] = $interaction[$name];
                }
                $values["cmi.interactions.{$n}.learner_response"] = $interaction['response'];
                foreach ($correct as $i => $pattern) {
                    $values["cmi.interactions.{$n}.correct_responses.{$i}.pattern"] = $pattern;
                }
            }
            for ($n = 0; $n < mt_rand(0, 4); $n++) {
                $objective = [
                    'id' => "urn:o:{$seed}-{$n}",
                    'description' => $this->text(1, 60),
                    'status' => ['passed', 'failed'][mt_rand(0, 1)],
                    'completion' => ['completed', 'incomplete'][mt_rand(0, 1)],
                    'raw' => (string) mt_rand(0, 100),
                ];
                $objectives[] = [(string) $seed, (string) ($n + 1), ...array_values($objective)];
                $values["cmi.objectives.{$n}.id"] = $objective['id'];
                $values["cmi.objectives.{$n}.description"] = $objective['description'];
                $values["cmi.objectives.{$n}.success_status"] = $objective['status'];
                $values["cmi.objectives.{$n}.completion_status"] = $objective['completion'];
                $values["cmi.objectives.{$n}.score.raw"] = $objective['raw'];
            }
            $answer = commit::execute($this->create_launch($scorm, 'second', $seed)->token, $this->journal($values));
            $this->assertSame([], $answer['refused'], "attempt {$seed}");
        }
        $this->setAdminUser();
        foreach (['csv', 'json'] as $format) {
            $columns = ['attempt', 'number', 'id', 'description', 'type', 'response', 'correct', 'result', 'weighting', 'latency'];
            $found = $this->only($columns, exported::rows($scorm->cmid, part::INTERACTIONS, $format));
            $this->assertSame($interactions, $found, $format);
            $columns = ['attempt', 'number', 'id', 'description', 'status', 'completion', 'raw'];
            $this->assertSame($objectives, $this->only($columns, exported::rows($scorm->cmid, part::OBJECTIVES, $format)), $format);
        }
    }

    /**
     * Spreadsheets hold values that are longer than a cell in pieces, and text that looks like a formula as text.
     */
    public function test_spreadsheets_hold_long_values_and_no_formulas(): void {
        $this->set_up_course();
        $scorm = $this->create_activity('course2004');
        $long = '=HYPERLINK("http://x")' . str_repeat("\u{1F680}b", 20000) . '|the end';
        $values = ['cmi.location' => '-2+3', 'cmi.score.raw' => '-5', 'cmi.suspend_data' => $long];
        $answer = commit::execute($this->create_launch($scorm, 'first')->token, $this->journal($values));
        $this->assertSame([], $answer['refused']);
        $this->setAdminUser();
        foreach (['excel', 'ods', 'csv'] as $format) {
            $path = document::write(new request(new selection(activity::of($scorm->cmid)), [part::VALUES], $format));
            $cells = $format === 'csv' ? exported::csv($path) : exported::spreadsheet($path);
            foreach (array_merge(...array_slice($cells, 1)) as $cell) {
                $this->assertLessThan(32767, strlen(mb_convert_encoding($cell, 'UTF-16LE', 'UTF-8')) / 2, $format);
                $this->assertDoesNotMatchRegularExpression('/^[=+@\t\r]|^-(?!\d+$)/', $cell, $format);
            }
            $found = array_column(exported::rows($scorm->cmid, part::VALUES, $format), 'value', 'element');
            foreach ($values as $element => $value) {
                $this->assertSame($value, $found[$element] ?? null, "{$format}, {$element}");
            }
        }
    }

    /**
     * Every format that the site has can be written with every part, and each part is in it.
     */
    public function test_every_format(): void {
        $this->set_up_course();
        $scorm = $this->create_activity('course2004');
        $values = [
            'cmi.interactions.0.id' => 'urn:q:1', 'cmi.objectives.1.id' => 'urn:o:1',
            'cmi.suspend_data' => "<script>alert('\x01')</script>" . str_repeat('x', 3000),
        ];
        commit::execute($this->create_launch($scorm, 'first')->token, $this->journal($values));
        $this->setAdminUser();
        $selection = new selection(activity::of($scorm->cmid));
        $this->assertNotSame([], request::formats());
        foreach (array_keys(request::formats()) as $format) {
            $path = document::write(new request($selection, part::cases(), $format));
            $this->assertGreaterThan(500, filesize($path), $format);
            $start = file_get_contents($path, false, null, 0, 4);
            match ($format) {
                'pdf' => $this->assertSame('%PDF', $start),
                'csv', 'excel', 'ods' => $this->assertSame("PK\x03\x04", $start, $format),
                'json' => $this->assertCount(5, json_decode(file_get_contents($path), true, 16, JSON_THROW_ON_ERROR)),
                'html' => $this->assertStringNotContainsString('<script>alert', file_get_contents($path)),
                default => null,
            };
            if ($format === 'csv') {
                $zip = new \ZipArchive();
                $zip->open($path);
                $this->assertSame(5, $zip->numFiles);
                $this->assertNotFalse($zip->locateName('history.csv'));
            }
        }
    }

    /**
     * What cannot be opened says so in its place; everything else is there.
     */
    public function test_what_cannot_be_opened_is_named(): void {
        global $DB;

        $this->set_up_course();
        $scorm = $this->create_activity('course2004');
        $learners = [$this->learner, $this->getDataGenerator()->create_and_enrol($this->course, 'student')];
        foreach ($learners as $this->learner) {
            $this->setUser($this->learner);
            $values = ['cmi.suspend_data' => 'secret', 'cmi.location' => 'p3', 'cmi.interactions.0.id' => 'urn:q:1'];
            $launch = $this->create_launch($scorm, 'first');
            commit::execute($launch->token, $this->journal($values));
            commit::execute($launch->token, $this->journal(['cmi.location' => 'p4'], false, 6));
        }
        $broken = 'esb1:k1.broken';
        $attempt = $DB->get_field('scorm_attempt', 'id', ['userid' => $learners[0]->id], MUST_EXIST);
        $DB->set_field_select('scorm_scoes_value', 'value', $broken, "attemptid = ? AND value LIKE 'esb1:%'", [$attempt]);
        $first = $DB->get_field_sql('SELECT MIN(id) FROM {' . history::TABLE . '} WHERE userid = ?', [$learners[0]->id]);
        $DB->set_field(history::TABLE, 'data', $broken, ['id' => $first]);
        $this->setAdminUser();
        $unreadable = get_string('export_unreadable', 'local_externalscormbridge');

        $found = [];
        foreach (exported::rows($scorm->cmid, part::VALUES, 'json') as $row) {
            $this->assertStringNotContainsString('esb1:', $row['value']);
            $found[$row['userid']][$row['element']] = $row['value'];
        }
        $this->assertSame($unreadable, $found[$learners[0]->id]['cmi.suspend_data']);
        $this->assertSame('p4', $found[$learners[0]->id]['cmi.location']);
        $this->assertSame('secret', $found[$learners[1]->id]['cmi.suspend_data']);
        $interactions = exported::rows($scorm->cmid, part::INTERACTIONS, 'csv');
        $this->assertEqualsCanonicalizing([$unreadable, 'urn:q:1'], array_column($interactions, 'id'));
        $told = [];
        foreach (exported::rows($scorm->cmid, part::HISTORY, 'json') as $row) {
            $told[$row['userid']][] = $row['value'];
        }
        $this->assertSame([$unreadable, 'p4', ''], $told[$learners[0]->id], 'what was reported afterwards can be read');
        $this->assertCount(7, $told[$learners[1]->id]);
    }

    /**
     * What a part reported that the package no longer has is in the history all the same.
     */
    public function test_the_history_of_a_part_that_is_gone(): void {
        global $DB;

        $this->set_up_course();
        $scorm = $this->create_activity('course2004');
        commit::execute($this->create_launch($scorm, 'first')->token, $this->journal(['cmi.location' => 'p1']));
        $this->setAdminUser();
        $before = exported::rows($scorm->cmid, part::HISTORY, 'json');
        $DB->delete_records('scorm_scoes', ['scorm' => $scorm->id, 'identifier' => 'first']);
        $after = exported::rows($scorm->cmid, part::HISTORY, 'json');
        $this->assertSame(array_column($before, 'value'), array_column($after, 'value'));
        $this->assertSame([''], array_unique(array_column($after, 'scoidentifier')));
    }

    /**
     * What is small is exported while somebody waits, which for a slow format is less.
     */
    public function test_what_is_small(): void {
        $this->set_up_course();
        $scorm = $this->create_activity('course2004');
        commit::execute($this->create_launch($scorm, 'first')->token, $this->journal(['cmi.location' => 'p1']));
        $this->setAdminUser();
        $selection = new selection(activity::of($scorm->cmid));
        $this->assertTrue((new request($selection, [part::VALUES], 'pdf'))->is_small($selection->size()));
        $large = (object) ['learners' => 1, 'values' => 501, 'batches' => 0];
        $this->assertFalse((new request($selection, [part::VALUES], 'pdf'))->is_small($large));
        $this->assertTrue((new request($selection, [part::VALUES], 'csv'))->is_small($large));
        $batches = (object) ['learners' => 1, 'values' => 0, 'batches' => request::VALUES + 1];
        $this->assertTrue((new request($selection, [part::VALUES], 'csv'))->is_small($batches));
        $this->assertFalse((new request($selection, [part::HISTORY], 'csv'))->is_small($batches));
        $large = (object) ['learners' => request::LEARNERS + 1, 'values' => 0, 'batches' => 0];
        $this->assertFalse((new request($selection, [part::VALUES], 'csv'))->is_small($large));
    }

    /**
     * Random text.
     *
     * @param int $seed
     * @param int|null $longest in characters; may be long if there is none
     * @return string
     */
    private function text(int $seed, ?int $longest = null): string {
        $pieces = $longest === null ? [...self::PIECES, ...self::CONTROLS] : self::PIECES;
        $text = '';
        for ($n = mt_rand(0, 12); $n > 0; $n--) {
            $text .= $pieces[mt_rand(0, count($pieces) - 1)];
        }
        if ($longest !== null) {
            return mb_substr($text, 0, $longest);
        }
        // Now and then longer than a cell, in SCORM 1.2 as far as it goes.
        return $seed % 10 === 0 ? mb_substr(str_repeat("{$text}.", 20000), 0, $seed % 20 === 0 ? 40000 : 4096) : $text;
    }

    /**
     * The same with attempts and elements in order.
     *
     * @param array[] $values
     * @return array[]
     */
    private static function sorted(array $values): array {
        ksort($values);
        array_walk($values, static fn(array &$of): bool => ksort($of));
        return $values;
    }

    /**
     * Some columns of rows.
     *
     * @param string[] $columns
     * @param array[] $rows
     * @return string[][]
     */
    private function only(array $columns, array $rows): array {
        return array_map(
            static fn(array $row): array => array_map(static fn(string $column): string => $row[$column], $columns),
            $rows
        );
    }
}
