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

namespace local_externalscormbridge\privacy;

use core_privacy\local\metadata\collection;
use core_privacy\local\request\approved_contextlist;
use core_privacy\local\request\approved_userlist;
use core_privacy\local\request\userlist;
use core_privacy\local\request\writer;
use local_externalscormbridge\external\commit;
use local_externalscormbridge\fixtures\cdn_activity;
use local_externalscormbridge\history\sco_attempt;
use local_externalscormbridge\records;
use local_externalscormbridge\results\due;
use local_externalscormbridge\tracking\kept_values;

defined('MOODLE_INTERNAL') || die();

require_once(__DIR__ . '/../fixtures/cdn_activity.php');

/**
 * What is known about people is told, and forgotten on request.
 *
 * @covers \local_externalscormbridge\privacy\provider
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class provider_test extends \core_privacy\tests\provider_testcase {
    use cdn_activity;

    /**
     * Every column about a person is described.
     */
    public function test_metadata_names_every_column(): void {
        global $DB;

        $collection = provider::get_metadata(new collection('local_externalscormbridge'));
        $tables = [];
        foreach ($collection->get_collection() as $item) {
            $tables[$item->get_name()] = $item->get_privacy_fields();
            foreach ($item->get_privacy_fields() as $string) {
                $this->assertTrue(get_string_manager()->string_exists($string, 'local_externalscormbridge'), $string);
            }
        }
        $technical = ['id', 'token', 'part'];
        foreach (records::TABLES as $table) {
            $undescribed = array_diff(array_keys($DB->get_columns($table)), array_keys($tables[$table]));
            $this->assertSame([], array_values(array_diff($undescribed, $technical)), $table);
        }
    }

    /**
     * A learner finds their launches and their secrets in plain text, and nobody else's.
     */
    public function test_export(): void {
        $this->set_up_course();
        $scorm = $this->create_activity();
        $context = \context_module::instance($scorm->cmid);
        $launch = $this->create_launch($scorm, 'lesson');
        commit::execute($launch->token, $this->journal(['cmi.suspend_data' => 'my secret']));
        $learner = $this->learner;
        $this->learner = $this->getDataGenerator()->create_and_enrol($this->course, 'student');
        $this->setUser($this->learner);
        $other = $this->create_launch($scorm, 'lesson');
        commit::execute($other->token, $this->journal(['cmi.suspend_data' => 'not yours']));

        $this->assertEquals([$context->id], provider::get_contexts_for_userid((int) $learner->id)->get_contextids());
        $this->export_context_data_for_user($learner->id, $context, 'local_externalscormbridge');
        $data = writer::with_context($context)->get_data([get_string('pluginname', 'local_externalscormbridge')]);
        $this->assertCount(1, $data->launches);
        $this->assertSame('running', $data->launches[0]->status);
        $this->assertFalse(isset($data->launches[0]->token));
        $this->assertSame([['cmi.suspend_data' => 'my secret']], array_column($data->tracks, 'elements'));
        $this->assertCount(1, $data->history);
        $this->assertSame(['initialize', 'set', 'commit'], array_column($data->history[0]['batches'][0]['entries'], 'op'));
        $this->assertSame('my secret', $data->history[0]['batches'][0]['entries'][1]['value']);
        $this->assertSame([[], []], [$data->kept, $data->due]);
    }

    /**
     * Everything is deleted for one, for some and for all.
     */
    public function test_delete(): void {
        global $DB;

        $this->set_up_course();
        $scorm = $this->create_activity();
        $elsewhere = $this->create_activity();
        $context = \context_module::instance($scorm->cmid);
        $learners = [$this->learner];
        for ($i = 0; $i < 3; $i++) {
            $learners[] = $this->getDataGenerator()->create_and_enrol($this->course, 'student');
        }
        foreach ($learners as $this->learner) {
            $this->setUser($this->learner);
            foreach ([$scorm, $elsewhere] as $activity) {
                commit::execute($this->create_launch($activity, 'lesson')->token, $this->journal([]));
                due::expect((int) $activity->id, (int) $this->learner->id);
                $of = new sco_attempt((int) $activity->id, (int) $this->learner->id, $this->sco_id($activity, 'lesson'), 1);
                kept_values::keep($of, 'cmi.suspend_data', 'esb1:x', 'seal_shape');
            }
        }
        $userlist = new userlist($context, 'local_externalscormbridge');
        provider::get_users_in_context($userlist);
        $this->assertEqualsCanonicalizing(array_column($learners, 'id'), $userlist->get_userids());

        $of = static function (\stdClass $activity) use ($DB): int {
            $counts = array_map(static fn(string $table): int
                => $DB->count_records($table, ['scormid' => $activity->id]), records::TABLES);
            return array_unique($counts) === [$counts[0]] ? $counts[0] : -1;
        };
        $component = 'local_externalscormbridge';
        provider::delete_data_for_user(new approved_contextlist($learners[0], $component, [$context->id]));
        $this->assertSame(3, $of($scorm));
        provider::delete_data_for_users(new approved_userlist($context, $component, [$learners[1]->id]));
        $this->assertSame(2, $of($scorm));
        provider::delete_data_for_all_users_in_context($context);
        $this->assertSame(0, $of($scorm));
        $this->assertSame(4, $of($elsewhere));
    }
}
