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

use local_externalscormbridge\external\commit;
use local_externalscormbridge\fixtures\cdn_activity;
use local_externalscormbridge\fixtures\refusing_table;
use local_externalscormbridge\history\integrity;
use local_externalscormbridge\history\sco_attempt;
use local_externalscormbridge\launch\store as launch_store;

defined('MOODLE_INTERNAL') || die();

require_once(__DIR__ . '/../fixtures/cdn_activity.php');
require_once(__DIR__ . '/../fixtures/refusing_table.php');

/**
 * When the database refuses to write, nothing is half written, and the player may try again.
 *
 * @covers \local_externalscormbridge\tracking\committer
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class write_failure_test extends \advanced_testcase {
    use cdn_activity;
    use refusing_table;

    /**
     * Leaves the database as other tests want it.
     */
    protected function tearDown(): void {
        $this->accept_writes();
        parent::tearDown();
    }

    /**
     * Tables that may refuse in the middle of a commit.
     *
     * @return array
     */
    public static function tables(): array {
        return [
            'the third track' => ['scorm_scoes_value', "NEW.value = 'poison'"],
            'any track' => ['scorm_scoes_value', '1 = 1'],
            'the history' => ['local_externalscormbridge_hist', '1 = 1'],
            'the launch' => ['local_externalscormbridge_launch', '1 = 1'],
            'the note of what is due' => ['local_externalscormbridge_due', '1 = 1'],
        ];
    }

    /**
     * All of a batch is stored, or nothing of it.
     *
     * @dataProvider tables
     * @param string $table
     * @param string $when
     */
    public function test_nothing_is_half_written(string $table, string $when): void {
        global $DB;

        $this->preventResetByRollback();
        $this->set_up_course();
        $scorm = $this->create_activity();
        $launch = $this->create_launch($scorm, 'lesson');
        commit::execute($launch->token, $this->journal(['cmi.core.lesson_location' => 'p1']));
        $tables = ['scorm_attempt', 'scorm_scoes_value', 'local_externalscormbridge_hist', 'local_externalscormbridge_launch',
            'local_externalscormbridge_due', 'grade_grades'];
        $state = static fn(): array => array_map(static fn(string $name): array => $DB->get_records($name), $tables);
        $before = $state();

        $this->refuse_writes($table, $when);
        $batch = $this->journal(['cmi.core.lesson_location' => 'p2', 'cmi.core.score.raw' => '90',
            'cmi.core.lesson_status' => 'completed', 'cmi.comments' => 'poison'], true, 4);
        set_config('sealscope', '', 'local_externalscormbridge');
        for ($try = 0; $try < 2; $try++) {
            try {
                commit::execute($launch->token, $batch);
                $this->fail('The commit was stored.');
            } catch (\dml_exception $e) {
                $this->assertStringStartsNotWith('error_', $e->errorcode, 'The player tries again.');
            }
            $this->assertFalse($DB->is_transaction_started());
            $this->assertEquals($before, $state());
        }

        $this->accept_writes();
        $answer = commit::execute($launch->token, $batch);
        $this->assertSame([8, 'terminated'], [$answer['ack'], $answer['status']]);
        $this->assertSame('p2', $this->stored($scorm, 'lesson')['cmi.core.lesson_location']);
        $this->assertSame(8, launch_store::find($launch->token)->lastseq);
        $this->assertSame([], integrity::check(sco_attempt::of($launch)));
    }
}
