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
use core_privacy\local\metadata\types\database_table;
use core_privacy\local\request\approved_contextlist;
use core_privacy\local\request\approved_userlist;
use core_privacy\local\request\userlist;
use core_privacy\local\request\writer;
use local_externalscormbridge\export\job;
use local_externalscormbridge\export\part;
use local_externalscormbridge\export\request;
use local_externalscormbridge\export\selection;
use local_externalscormbridge\external\commit;
use local_externalscormbridge\fixtures\cdn_activity;
use local_externalscormbridge\history\sco_attempt;
use local_externalscormbridge\records;
use local_externalscormbridge\report\activity;
use local_externalscormbridge\results\due;
use local_externalscormbridge\task\update_results;
use local_externalscormbridge\task\write_export;
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
     * The tables of the plugin that say something about a person, as install.xml has them: a table that is added later is
     * among them by itself.
     *
     * @return array[] columns with ids of users, by table
     */
    private static function tables(): array {
        $tables = [];
        foreach (self::definition()->TABLES->TABLE as $table) {
            foreach ($table->FIELDS->FIELD as $field) {
                if (preg_match('/user|learner|teacher|author|creator/', (string) $field['NAME'])) {
                    $tables[(string) $table['NAME']][] = (string) $field['NAME'];
                }
            }
            foreach ($table->KEYS->KEY as $key) {
                if ((string) $key['REFTABLE'] === 'user') {
                    $tables[(string) $table['NAME']][] = (string) $key['FIELDS'];
                }
            }
        }
        return array_map(static fn(array $columns): array => array_values(array_unique($columns)), $tables);
    }

    /**
     * What install.xml says.
     *
     * @return \SimpleXMLElement
     */
    private static function definition(): \SimpleXMLElement {
        return simplexml_load_file(__DIR__ . '/../../db/install.xml');
    }

    /**
     * Adds a row about a user to a table, with something in every column.
     *
     * @param string $table
     * @param string $column the user is in
     * @param int $userid
     * @param int $scormid
     */
    private static function add_row(string $table, string $column, int $userid, int $scormid): void {
        global $DB;

        static $count = 0;
        $count++;
        [$definition] = self::definition()->xpath("TABLES/TABLE[@NAME='{$table}']");
        $row = [];
        foreach ($definition->FIELDS->FIELD as $field) {
            $row[(string) $field['NAME']] = match ((string) $field['TYPE']) {
                'char' => substr(sha1((string) $count), 0, (int) $field['LENGTH']),
                'text' => 'something',
                // Small enough for every column, and no user's id.
                default => 0,
            };
        }
        unset($row['id']);
        if (isset($row['launchid'])) {
            $row['launchid'] = $count;
        }
        $DB->insert_record($table, (object) array_merge($row, ['scormid' => $scormid, $column => $userid]));
    }

    /**
     * Every column about a person is described.
     */
    public function test_metadata_names_every_column(): void {
        $collection = provider::get_metadata(new collection('local_externalscormbridge'));
        $tables = [];
        $others = [];
        foreach ($collection->get_collection() as $item) {
            if (!$item instanceof database_table) {
                $others[] = $item->get_name();
                continue;
            }
            $tables[$item->get_name()] = $item->get_privacy_fields();
            foreach ([$item->get_summary(), ...$item->get_privacy_fields()] as $string) {
                $this->assertTrue(get_string_manager()->string_exists($string, 'local_externalscormbridge'), $string);
            }
        }
        $this->assertEqualsCanonicalizing(array_keys(self::tables()), array_keys($tables));
        $this->assertEqualsCanonicalizing(['cdn', 'core_files', 'mod'], $others);
        $technical = ['id', 'token', 'part'];
        foreach (array_keys($tables) as $table) {
            [$definition] = self::definition()->xpath("TABLES/TABLE[@NAME='{$table}']");
            foreach ($definition->FIELDS->FIELD as $field) {
                $name = (string) $field['NAME'];
                $this->assertSame(!in_array($name, $technical, true), isset($tables[$table][$name]), "{$table}.{$name}");
            }
        }
    }

    /**
     * Whatever table knows a person: they are found by it, are told of it, and are forgotten there in each of the ways to be
     * forgotten, in one activity and not in another.
     */
    public function test_every_table(): void {
        global $DB;

        $component = 'local_externalscormbridge';
        $this->set_up_course();
        $here = $this->create_activity();
        $elsewhere = $this->create_activity();
        $context = \context_module::instance($here->cmid);
        $tables = self::tables();
        $this->assertGreaterThanOrEqual(5, count($tables));
        foreach ($tables as $table => $columns) {
            foreach ($columns as $column) {
                foreach (['user', 'users', 'all'] as $way) {
                    $name = "{$table}.{$column}, {$way}";
                    $user = $this->getDataGenerator()->create_user();
                    $none = $this->getDataGenerator()->create_user();
                    self::add_row($table, $column, (int) $user->id, (int) $here->id);
                    self::add_row($table, $column, (int) $user->id, (int) $elsewhere->id);
                    $rows = static fn(\stdClass $scorm): int
                        => $DB->count_records($table, ['scormid' => $scorm->id, $column => $user->id]);

                    $contexts = provider::get_contexts_for_userid((int) $user->id)->get_contextids();
                    $expected = [$context->id, \context_module::instance($elsewhere->cmid)->id];
                    $this->assertEqualsCanonicalizing($expected, $contexts, $name);
                    $this->assertSame([], provider::get_contexts_for_userid((int) $none->id)->get_contextids());
                    $userlist = new userlist($context, $component);
                    provider::get_users_in_context($userlist);
                    $this->assertContains((int) $user->id, $userlist->get_userids(), $name);
                    $this->assertNotContains(0, $userlist->get_userids(), $name);

                    writer::reset();
                    $this->export_context_data_for_user((int) $user->id, $context, $component);
                    $path = [get_string('pluginname', $component)];
                    $told = (array) writer::with_context($context)->get_data($path);
                    $this->assertNotSame([], array_filter($told), "{$name}: told of nothing");

                    match ($way) {
                        'user' => provider::delete_data_for_user(new approved_contextlist($user, $component, [$context->id])),
                        'users' => provider::delete_data_for_users(new approved_userlist($context, $component, [$user->id])),
                        'all' => provider::delete_data_for_all_users_in_context($context),
                    };
                    $this->assertSame([0, 1], [$rows($here), $rows($elsewhere)], $name);
                    delete_user($user);
                    $this->assertSame(0, $rows($elsewhere), "{$name}: the account is gone");
                }
            }
        }
    }

    /**
     * The files of exports go with the rows; whoever is to be forgotten may be in any of them.
     */
    public function test_files_of_exports_are_deleted(): void {
        global $DB;

        $this->set_up_course();
        $scorm = $this->create_activity();
        $elsewhere = $this->create_activity();
        $learner = $this->learner;
        foreach ([$scorm, $elsewhere] as $activity) {
            commit::execute($this->create_launch($activity, 'lesson')->token, $this->journal([]));
        }
        $context = \context_module::instance($scorm->cmid);
        $component = 'local_externalscormbridge';
        $this->setAdminUser();
        $sink = $this->redirectMessages();
        $files = static fn(): int => $DB->count_records_select('files', "component = ? AND filename <> '.'", [$component]);
        $ways = [
            fn() => provider::delete_data_for_user(new approved_contextlist($learner, $component, [$context->id])),
            fn() => provider::delete_data_for_users(new approved_userlist($context, $component, [$learner->id])),
            fn() => provider::delete_data_for_all_users_in_context($context),
        ];
        foreach ($ways as $way) {
            foreach ([$scorm, $elsewhere] as $activity) {
                job::delete('scormid = ?', [$activity->id]);
                job::queue(new request(new selection(activity::of($activity->cmid)), [part::VALUES], 'json'));
            }
            ob_start();
            $this->runAdhocTasks(write_export::class);
            ob_end_clean();
            $this->setAdminUser();
            $this->assertSame(2, $files());
            $way();
            $this->assertSame(1, $files());
        }
        $sink->close();
    }

    /**
     * Tasks that still wait when somebody is forgotten bring nothing back.
     */
    public function test_tasks_bring_nothing_back(): void {
        global $DB;

        $this->set_up_course();
        $scorm = $this->create_activity();
        $context = \context_module::instance($scorm->cmid);
        commit::execute($this->create_launch($scorm, 'lesson')->token, $this->journal([]));
        due::expect((int) $scorm->id, (int) $this->learner->id);
        update_results::queue(due::find((int) $scorm->id, (int) $this->learner->id));
        $learner = $this->learner;
        $this->setAdminUser();
        job::queue(new request(new selection(activity::of($scorm->cmid)), [part::VALUES], 'json'));
        provider::delete_data_for_user(new approved_contextlist($learner, 'local_externalscormbridge', [$context->id]));
        $DB->set_field('task_adhoc', 'nextruntime', 1);
        ob_start();
        $this->runAdhocTasks();
        ob_end_clean();
        foreach (array_keys(self::tables()) as $table) {
            $this->assertSame(0, $DB->count_records($table), $table);
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
