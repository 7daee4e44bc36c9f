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

namespace local_externalscormbridge\package;

use local_externalscormbridge\fixtures\cdn_activity;

defined('MOODLE_INTERNAL') || die();

require_once(__DIR__ . '/../fixtures/cdn_activity.php');

/**
 * What a new manifest would change is told part by part, and nothing is told of one that changes nothing.
 *
 * @covers \local_externalscormbridge\package\difference
 * @covers \local_externalscormbridge\package\matching
 * @covers \local_externalscormbridge\package\order
 * @covers \local_externalscormbridge\package\sco_change
 * @covers \local_externalscormbridge\package\stored_tree
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class difference_test extends \advanced_testcase {
    use cdn_activity;

    /** A course of every kind of thing that mod_scorm stores. */
    private const COURSE = '<manifest identifier="m" xmlns="http://www.imsglobal.org/xsd/imscp_v1p1"
            xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_v1p3" xmlns:imsss="http://www.imsglobal.org/xsd/imsss">
        <metadata><schema>ADL SCORM</schema><schemaversion>2004 4th Edition</schemaversion></metadata>
        <organizations default="course"><organization identifier="course"><title>Course</title>
            <item identifier="intro" identifierref="a"><title>Intro</title></item>
            <item identifier="chapter"><title>Chapter</title>
                <item identifier="one" identifierref="b" parameters="?p=1"><title>One</title>
                    <adlcp:dataFromLMS>old</adlcp:dataFromLMS>
                    <imsss:sequencing>
                        <imsss:sequencingRules><imsss:preConditionRule>
                            <imsss:ruleConditions><imsss:ruleCondition condition="completed"/></imsss:ruleConditions>
                            <imsss:ruleAction action="skip"/>
                        </imsss:preConditionRule></imsss:sequencingRules>
                        <imsss:rollupRules><imsss:rollupRule childActivitySet="any" minimumPercent="0.3333">
                            <imsss:rollupConditions><imsss:rollupCondition condition="satisfied"/></imsss:rollupConditions>
                            <imsss:rollupAction action="completed"/>
                        </imsss:rollupRule></imsss:rollupRules>
                        <imsss:objectives><imsss:primaryObjective objectiveID="o" satisfiedByMeasure="true">
                            <imsss:minNormalizedMeasure>0.66667</imsss:minNormalizedMeasure>
                        </imsss:primaryObjective></imsss:objectives>
                    </imsss:sequencing>
                </item>
                <item identifier="two" identifierref="a"><title>Two</title></item>
                <item identifier="three" identifierref="a"><title>Three</title></item>
            </item>
        </organization></organizations>
        <resources>
            <resource identifier="a" type="webcontent" adlcp:scormType="sco" href="a.html"/>
            <resource identifier="b" type="webcontent" adlcp:scormType="sco" href="b.html"/>
        </resources>
    </manifest>';

    /**
     * Changes of that course: what is written instead, and what is told.
     *
     * @return array[] replacements, changes by identifier (kind and aspects), of the whole, structural or not
     */
    public static function changes(): array {
        $two = '<item identifier="two" identifierref="a"><title>Two</title></item>';
        $three = '<item identifier="three" identifierref="a"><title>Three</title></item>';
        $intro = '<item identifier="intro" identifierref="a"><title>Intro</title></item>';
        return [
            'nothing' => [['identifier="m"' => 'identifier="m"  '], [], [], false],
            'titles' => [['<title>Two' => '<title>2'], ['two' => ['changed', 'title']], [], false],
            'added' => [[$two => "{$two}<item identifier='new' identifierref='a'><title>New</title></item>"],
                ['new' => ['added']], [], true],
            'removed' => [[$two => ''], ['two' => ['removed']], [], true],
            'renamed' => [['"two"' => '"zwei"'], ['zwei' => ['added'], 'two' => ['removed']], [], true],
            'launch' => [['href="b.html"' => 'href="c.html"'], ['one' => ['changed', 'launch']], [], true],
            'parameters' => [['?p=1' => '?p=2'], ['one' => ['changed', 'launch']], [], true],
            'kind' => [['"sco" href="b' => '"asset" href="b'], ['one' => ['changed', 'type']], [], true],
            'launch data' => [['>old<' => '>new<'], ['one' => ['changed', 'data datafromlms']], [], true],
            'rules' => [['condition="completed"' => 'condition="satisfied"'], ['one' => ['changed', 'rules']], [], true],
            'rollup' => [['childActivitySet="any"' => 'childActivitySet="all"'], ['one' => ['changed', 'rollup_rules']], [], true],
            'objectives' => [['0.66667' => '0.7'], ['one' => ['changed', 'objectives']], [], true],
            'moved among neighbours' => [[$two => '', $three => "{$three}{$two}"], ['three' => ['changed', 'place']], [], true],
            'moved elsewhere' => [[$two => '', $intro => "{$intro}{$two}"], ['two' => ['changed', 'place']], [], true],
            'first part' => [[$intro => ''], ['intro' => ['removed']], ['first'], true],
            'another organization' => [['"course"' => '"kurs"'], [
                'kurs' => ['added'], 'course' => ['removed'], 'intro' => ['changed', 'place'], 'chapter' => ['changed', 'place'],
                'one' => ['changed', 'place'], 'two' => ['changed', 'place'], 'three' => ['changed', 'place'],
            ], [], true],
        ];
    }

    /**
     * Each change is told as what it is, and is gone once it was taken over.
     *
     * @dataProvider changes
     * @param array $replacements
     * @param array $expected
     * @param array $whole
     * @param bool $structural
     */
    public function test_changes(array $replacements, array $expected, array $whole, bool $structural): void {
        global $DB;

        $this->set_up_course();
        $scorm = $this->create_activity(self::COURSE);
        $probe = $this->probe(strtr(self::COURSE, $replacements));
        $difference = difference::between($scorm, $probe['tree']);
        $told = [];
        foreach ($difference->scoes as $change) {
            $told[$change->identifier] = [$change->kind, ...array_keys($change->aspects)];
        }
        $this->assertEquals($expected, $told);
        $this->assertSame($whole, array_keys($difference->activity));
        $this->assertSame($structural, $difference->is_structural());
        $this->assertSame($expected === [] && $whole === [], $difference->is_empty());

        installer::install((int) $scorm->id, 'https://cdn.example.com/course/', $probe);
        $scorm = $DB->get_record('scorm', ['id' => $scorm->id]);
        $this->assertTrue(difference::between($scorm, $probe['tree'])->is_empty());
    }

    /**
     * Another version of SCORM is a change of the whole.
     */
    public function test_version(): void {
        $this->set_up_course();
        $scorm = $this->create_activity();
        $difference = difference::between($scorm, ['version' => 'SCORM_1.3'] + $this->probe('basic12')['tree']);
        $this->assertSame(['version' => ['SCORM_1.2', 'SCORM_1.3']], $difference->activity);
        $this->assertTrue($difference->is_structural());
    }

    /**
     * What was just stored differs in nothing, whichever of mod_scorm's own test packages it is.
     */
    public function test_stored_packages_do_not_differ(): void {
        global $CFG, $DB;

        $this->set_up_course();
        $seen = 0;
        foreach (glob("{$CFG->dirroot}/mod/scorm/tests/packages/*.zip") as $zip) {
            $archive = new \ZipArchive();
            $this->assertTrue($archive->open($zip));
            $manifest = (string) $archive->getFromName('imsmanifest.xml');
            $archive->close();
            if ($manifest === '') {
                continue;
            }
            try {
                $scorm = $this->create_activity($manifest);
            } catch (\Scormbridge\ManifestException $e) {
                // Some of them are broken on purpose, and one is no SCORM package at all.
                continue;
            }
            $difference = difference::between($scorm, $this->probe($manifest)['tree']);
            $this->assertTrue($difference->is_empty(), basename($zip) . ': ' . json_encode($difference));
            $this->assertGreaterThan(0, $DB->count_records('scorm_scoes', ['scorm' => $scorm->id]));
            $seen++;
        }
        $this->assertGreaterThan(5, $seen);
    }

    /**
     * In any two orders of the same list, those that moved are what must be taken out to leave the others in their order,
     * and never more than it takes.
     */
    public function test_moved_items_leave_the_others_in_order(): void {
        mt_srand(20261120);
        for ($case = 0; $case < 200; $case++) {
            $before = range(1, mt_rand(1, 12));
            $after = $before;
            shuffle($before);
            shuffle($after);
            $moved = order::moved($before, $after);
            $this->assertSame(
                array_values(array_diff($before, $moved)),
                array_values(array_diff($after, $moved)),
                json_encode([$before, $after, $moved])
            );
            $item = $after[array_rand($after)];
            $places = array_flip($before);
            $one = $after;
            usort($one, static fn(int $a, int $b): int => $places[$a] <=> $places[$b]);
            $elsewhere = array_values(array_diff($one, [$item]));
            array_splice($elsewhere, mt_rand(0, count($elsewhere)), 0, [$item]);
            $this->assertLessThanOrEqual(1, count(order::moved($before, $elsewhere)));
        }
    }
}
