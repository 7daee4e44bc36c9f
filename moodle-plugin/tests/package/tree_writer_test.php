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
 * The tree of a CDN package is the one that mod_scorm stores for the same package uploaded.
 *
 * @covers \local_externalscormbridge\package\tree_writer
 * @covers \local_externalscormbridge\package\installer
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class tree_writer_test extends \advanced_testcase {
    use cdn_activity;

    /** Columns of a SCO that are compared. */
    private const COLUMNS = 'sortorder, manifest, organization, parent, identifier, launch, scormtype, title';

    /**
     * mod_scorm's own test packages, which every Moodle has.
     *
     * @return array
     */
    public static function packages(): array {
        $names = [
            'RuntimeBasicCalls_SCORM20043rdEdition', 'RuntimeMinimumCalls_SCORM12', 'RuntimeMinimumCalls_SCORM12-mini',
            'complexscorm', 'singlesco_scorm12', 'singlescobasic', 'singlescobasic_missingorg',
        ];
        return array_combine($names, array_map(static fn(string $name): array => [$name], $names));
    }

    /**
     * The rows are the same as those of an upload.
     *
     * @dataProvider packages
     * @param string $name
     */
    public function test_rows_equal_those_of_an_upload(string $name): void {
        global $CFG, $DB;

        $this->set_up_course();
        $zip = "{$CFG->dirroot}/mod/scorm/tests/packages/{$name}.zip";
        $uploaded = $this->getDataGenerator()->create_module('scorm', [
            'course' => $this->course->id,
            'packagefilepath' => $zip,
        ]);
        $archive = new \ZipArchive();
        $this->assertTrue($archive->open($zip));
        $manifest = $archive->getFromName('imsmanifest.xml');
        $this->assertNotFalse($manifest);
        $remote = $this->getDataGenerator()->create_module('scorm', [
            'course' => $this->course->id,
            'scormtype' => SCORM_TYPE_EXTERNAL,
            'packageurl' => 'https://cdn.example.com/imsmanifest.xml',
        ]);
        $probe = ['tree' => \Scormbridge\Manifest::scoTree($manifest)] + $this->probe('basic12');
        installer::install((int) $remote->id, 'https://cdn.example.com/', $probe);

        $this->assertEquals($this->tree((int) $uploaded->id), $this->tree((int) $remote->id));
        $columns = ['id' => $uploaded->id];
        $this->assertSame(
            $DB->get_field('scorm', 'version', $columns),
            $DB->get_field('scorm', 'version', ['id' => $remote->id])
        );
    }

    /**
     * Everything mod_scorm stores about the SCOs of an activity, without ids.
     *
     * @param int $scormid
     * @return array
     */
    private function tree(int $scormid): array {
        global $DB;

        $launch = $DB->get_field('scorm', 'launch', ['id' => $scormid]);
        $tree = ['launch' => $DB->get_field('scorm_scoes', 'sortorder', ['id' => $launch])];
        foreach ($DB->get_records('scorm_scoes', ['scorm' => $scormid], 'sortorder', 'id, ' . self::COLUMNS) as $sco) {
            $conditions = ['scoid' => $sco->id];
            unset($sco->id);
            $sco->data = $DB->get_records_menu('scorm_scoes_data', $conditions, 'name', 'name, value');
            $sco->objectives = $this->rows('scorm_seq_objective', $conditions, ['objectiveid', 'primaryobj']);
            $sco->rules = $this->rows('scorm_seq_ruleconds', $conditions, ['conditioncombination', 'ruletype', 'action']);
            $sco->conditions = $this->rows('scorm_seq_rulecond', $conditions, ['measurethreshold', 'operator', 'cond']);
            $sco->rollup = $this->rows('scorm_seq_rolluprule', $conditions, ['childactivityset', 'minimumcount', 'action']);
            $tree[] = (array) $sco;
        }
        return $tree;
    }

    /**
     * Some columns of the rows of a SCO, in order.
     *
     * @param string $table
     * @param array $conditions
     * @param string[] $columns
     * @return array
     */
    private function rows(string $table, array $conditions, array $columns): array {
        global $DB;

        $records = $DB->get_records($table, $conditions, 'id', 'id, ' . implode(', ', $columns));
        return array_values(array_map(static fn(\stdClass $row): array => array_diff_key((array) $row, ['id' => 1]), $records));
    }

    /**
     * A SCO that stays keeps its id and its tracks, one that goes takes its tracks along.
     */
    public function test_ids_survive_a_new_manifest(): void {
        global $DB;

        $this->set_up_course();
        $scorm = $this->create_activity('course2004');
        $first = $this->sco_id($scorm, 'first');
        $second = $this->sco_id($scorm, 'second');
        foreach ([$first, $second] as $scoid) {
            scorm_insert_track($this->learner->id, $scorm->id, $scoid, 1, 'cmi.location', 'p3');
        }

        $manifest = file_get_contents(__DIR__ . '/../fixtures/packages/course2004/imsmanifest.xml');
        $changed = str_replace(
            ['<item identifier="second" identifierref="second-resource"><title>Second</title></item>', '<title>First</title>'],
            ['<item identifier="third" identifierref="second-resource"><title>Third</title></item>', '<title>One</title>'],
            $manifest
        );
        installer::install((int) $scorm->id, 'https://cdn.example.com/course/', $this->probe($changed));

        $this->assertSame($first, $this->sco_id($scorm, 'first'));
        $this->assertSame('One', $DB->get_field('scorm_scoes', 'title', ['id' => $first]));
        $this->assertSame(['cmi.location' => 'p3'], $this->stored($scorm, 'first'));
        $this->assertFalse($DB->record_exists('scorm_scoes', ['id' => $second]));
        $this->assertFalse($DB->record_exists('scorm_scoes_value', ['scoid' => $second]));
        $this->assertGreaterThan($second, $this->sco_id($scorm, 'third'));
        $this->assertSame(1, $DB->count_records('scorm_seq_objective', ['scoid' => $first]));
    }

    /**
     * Identifiers that only look like the same number are different SCOs.
     */
    public function test_identifiers_are_text(): void {
        $this->set_up_course();
        $manifest = file_get_contents(__DIR__ . '/../fixtures/packages/course2004/imsmanifest.xml');
        $scorm = $this->create_activity(str_replace(['"first"', '"second"'], ['"1e1"', '"10"'], $manifest));
        $ids = [$this->sco_id($scorm, '1e1'), $this->sco_id($scorm, '10')];
        $swapped = str_replace(['"first"', '"second"'], ['"10"', '"1e1"'], $manifest);
        installer::install((int) $scorm->id, 'https://cdn.example.com/course/', $this->probe($swapped));
        $this->assertSame($ids, [$this->sco_id($scorm, '1e1'), $this->sco_id($scorm, '10')]);
    }

    /**
     * Where the grade is the number of completed SCOs, the gradebook knows how many there are.
     */
    public function test_grade_item_counts_the_scoes(): void {
        global $CFG;
        require_once("{$CFG->libdir}/gradelib.php");

        $this->set_up_course();
        $scorm = $this->create_activity('course2004', ['grademethod' => GRADESCOES]);
        scorm_insert_track($this->learner->id, $scorm->id, $this->sco_id($scorm, 'first'), 1, 'cmi.completion_status', 'completed');
        $item = grade_get_grades($this->course->id, 'mod', 'scorm', $scorm->id, $this->learner->id)->items[0];
        $this->assertEquals(2, $item->grademax);
        $this->assertEquals(1, $item->grades[$this->learner->id]->grade);

        $manifest = file_get_contents(__DIR__ . '/../fixtures/packages/course2004/imsmanifest.xml');
        $less = str_replace('<item identifier="first" identifierref="first-resource">', '<item identifier="first">', $manifest);
        installer::install((int) $scorm->id, 'https://cdn.example.com/course/', $this->probe($less));
        $item = grade_get_grades($this->course->id, 'mod', 'scorm', $scorm->id, $this->learner->id)->items[0];
        $this->assertEquals(1, $item->grademax);
    }

    /**
     * The activity's own fields are those of an external package, whatever the length of its URL.
     */
    public function test_fields_of_the_activity(): void {
        global $DB;

        $this->set_up_course();
        $scorm = $this->create_activity('basic12', ['updatefreq' => SCORM_UPDATE_EVERYTIME]);
        $this->assertSame(SCORM_TYPE_EXTERNAL, $scorm->scormtype);
        $this->assertSame('https://cdn.example.com/course/imsmanifest.xml', $scorm->reference);
        $this->assertSame(sha1($scorm->reference), $scorm->sha1hash);
        $this->assertSame('SCORM_1.2', $scorm->version);
        $this->assertSame(SCORM_UPDATE_NEVER, $scorm->updatefreq);
        $this->assertSame($this->sco_id($scorm, 'lesson'), (int) $scorm->launch);

        $long = 'https://cdn.example.com/' . str_repeat('a', 300) . '/';
        $probe = ['manifest_url' => "{$long}imsmanifest.xml", 'base_url' => $long] + $this->probe('basic12');
        $package = installer::install((int) $scorm->id, $long, $probe);
        $this->assertSame($long, store::find((int) $scorm->id)->cdnurl);
        $this->assertSame("{$long}imsmanifest.xml", $package->manifesturl);
        $this->assertSame('', $DB->get_field('scorm', 'reference', ['id' => $scorm->id]));
        $this->assertSame((int) $scorm->revision + 1, (int) $DB->get_field('scorm', 'revision', ['id' => $scorm->id]));
    }
}
