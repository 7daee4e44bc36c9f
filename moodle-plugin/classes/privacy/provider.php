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
use core_privacy\local\request\contextlist;
use core_privacy\local\request\transform;
use core_privacy\local\request\userlist;
use core_privacy\local\request\writer;
use local_externalscormbridge\export\job;
use local_externalscormbridge\history\sco_attempt;
use local_externalscormbridge\history\store as history;
use local_externalscormbridge\records;
use local_externalscormbridge\tracking\track_store;

/**
 * What the plugin knows about people.
 *
 * What learners have done is mod_scorm's to export and to delete. The plugin adds what mod_scorm cannot read: the sealed
 * values in plain text, the launches and what was reported in them.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class provider implements
    \core_privacy\local\metadata\provider,
    \core_privacy\local\request\core_userlist_provider,
    \core_privacy\local\request\plugin\provider {
    /** Columns about people, by table without its prefix. */
    private const FIELDS = [
        'launch' => [
            'scormid', 'scoid', 'userid', 'attempt', 'mode', 'delivery', 'lastseq', 'status', 'carry', 'clock',
            'timecreated', 'timemodified',
        ],
        'hist' => [
            'launchid', 'scormid', 'scoid', 'userid', 'attempt', 'firstseq', 'lastseq', 'merged', 'data', 'timecreated',
        ],
        'due' => ['scormid', 'userid', 'tries', 'nexttry', 'lasterror', 'timecreated'],
        'kept' => ['scormid', 'scoid', 'userid', 'attempt', 'element', 'value', 'reason', 'timecreated'],
        'export' => [
            'scormid', 'userid', 'learnerid', 'groupid', 'sight', 'parts', 'format', 'status', 'reason', 'timecreated',
            'timemodified',
        ],
    ];

    /**
     * What is stored and what leaves the site.
     *
     * @param collection $collection
     * @return collection
     */
    public static function get_metadata(collection $collection): collection {
        foreach (self::FIELDS as $name => $fields) {
            $strings = array_map(static fn(string $field): string => "privacy:metadata:{$name}:{$field}", $fields);
            $table = "local_externalscormbridge_{$name}";
            $collection->add_database_table($table, array_combine($fields, $strings), "privacy:metadata:{$name}");
        }
        $collection->add_external_location_link('cdn', [
            'ipaddress' => 'privacy:metadata:cdn:ipaddress',
            'browser' => 'privacy:metadata:cdn:browser',
            'learner' => 'privacy:metadata:cdn:learner',
        ], 'privacy:metadata:cdn');
        $collection->add_subsystem_link('core_files', [], 'privacy:metadata:core_files');
        $collection->add_plugintype_link('mod', [], 'privacy:metadata:mod_scorm');
        return $collection;
    }

    /**
     * Activities in which something is kept of a user.
     *
     * @param int $userid
     * @return contextlist
     */
    public static function get_contexts_for_userid(int $userid): contextlist {
        $contexts = new contextlist();
        foreach (self::columns() as [$table, $column]) {
            $contexts->add_from_sql(
                "SELECT ctx.id
                   FROM {{$table}} t
                   JOIN {course_modules} cm ON cm.instance = t.scormid
                   JOIN {modules} m ON m.id = cm.module AND m.name = 'scorm'
                   JOIN {context} ctx ON ctx.instanceid = cm.id AND ctx.contextlevel = :level
                  WHERE t.{$column} = :userid",
                ['level' => CONTEXT_MODULE, 'userid' => $userid]
            );
        }
        return $contexts;
    }

    /**
     * Users of whom something is kept in an activity.
     *
     * @param userlist $userlist
     */
    public static function get_users_in_context(userlist $userlist) {
        $scormid = self::scorm_of($userlist->get_context());
        foreach ($scormid === null ? [] : self::columns() as [$table, $column]) {
            $select = "SELECT {$column} FROM {{$table}} WHERE scormid = :scormid AND {$column} <> 0";
            $userlist->add_from_sql($column, $select, ['scormid' => $scormid]);
        }
    }

    /**
     * Where there are ids of users.
     *
     * @return string[][] table and column
     */
    private static function columns(): array {
        $columns = array_map(static fn(string $table): array => [$table, 'userid'], records::TABLES);
        return [...$columns, [job::TABLE, 'userid'], [job::TABLE, 'learnerid']];
    }

    /**
     * Exports a user's launches with their history, the values that mod_scorm's own export shows sealed, and what was
     * exported by the user or of them alone. Files of exports are other people's results.
     *
     * @param approved_contextlist $contextlist
     */
    public static function export_user_data(approved_contextlist $contextlist) {
        global $DB;

        $userid = (int) $contextlist->get_user()->id;
        foreach ($contextlist->get_contexts() as $context) {
            $scormid = self::scorm_of($context);
            if ($scormid === null) {
                continue;
            }
            $launches = $DB->get_records(
                'local_externalscormbridge_launch',
                ['scormid' => $scormid, 'userid' => $userid],
                'timecreated, id'
            );
            $path = [get_string('pluginname', 'local_externalscormbridge')];
            writer::with_context($context)->export_data($path, (object) [
                'launches' => array_map([self::class, 'exported_launch'], array_values($launches)),
                'tracks' => self::exported_tracks($scormid, $userid),
                'history' => self::exported_history($scormid, $userid),
                'kept' => self::exported_rows('kept', $scormid, $userid),
                'due' => self::exported_rows('due', $scormid, $userid),
                'exports' => [
                    ...self::exported_rows('export', $scormid, $userid),
                    ...self::exported_rows('export', $scormid, $userid, 'learnerid'),
                ],
            ]);
        }
    }

    /**
     * One launch for its learner to read.
     *
     * @param \stdClass $launch
     * @return \stdClass
     */
    private static function exported_launch(\stdClass $launch): \stdClass {
        unset($launch->id, $launch->token, $launch->userid);
        $launch->timecreated = transform::datetime($launch->timecreated);
        $launch->timemodified = transform::datetime($launch->timemodified);
        return $launch;
    }

    /**
     * The tracks of a learner that are sealed in the database, opened.
     *
     * @param int $scormid
     * @param int $userid
     * @return array
     */
    private static function exported_tracks(int $scormid, int $userid): array {
        $exported = [];
        foreach (track_store::sealed_scoes($scormid, [$userid]) as $found) {
            $store = new track_store($scormid, $userid, (int) $found->scoid, (int) $found->attempt);
            $exported[] = [
                'scoid' => (int) $found->scoid,
                'attempt' => (int) $found->attempt,
                'elements' => $store->read_sealed(),
            ];
        }
        return $exported;
    }

    /**
     * What a learner's content has reported, batch by batch.
     *
     * @param int $scormid
     * @param int $userid
     * @return array
     */
    private static function exported_history(int $scormid, int $userid): array {
        $exported = [];
        foreach (history::attempts(0, 0, ['scormid' => $scormid, 'userid' => $userid]) as $row) {
            $of = new sco_attempt($scormid, $userid, (int) $row->scoid, (int) $row->attempt);
            $batches = [];
            try {
                foreach (history::read($of) as $batch) {
                    $batches[] = ['entries' => [...$batch->entries, ...$batch->refused], 'before' => $batch->before ?? []];
                }
            } catch (\Scormbridge\SealException | \UnexpectedValueException $e) {
                $batches[] = get_string('privacy:unreadable', 'local_externalscormbridge');
            }
            $exported[] = ['scoid' => $of->scoid, 'attempt' => $of->attempt, 'batches' => $batches];
        }
        return $exported;
    }

    /**
     * Rows of a small table, as they are.
     *
     * @param string $name of the table without its prefix
     * @param int $scormid
     * @param int $userid
     * @param string $column where the id of the user is
     * @return array
     */
    private static function exported_rows(string $name, int $scormid, int $userid, string $column = 'userid'): array {
        global $DB;

        $conditions = ['scormid' => $scormid, $column => $userid];
        $columns = 'id, ' . implode(', ', self::FIELDS[$name]);
        $rows = $DB->get_records("local_externalscormbridge_{$name}", $conditions, 'id', $columns);
        return array_map(static function (\stdClass $row): \stdClass {
            // Who else is in it is none of this person's business.
            unset($row->id, $row->userid);
            $row->timecreated = transform::datetime($row->timecreated);
            return $row;
        }, array_values($rows));
    }

    /**
     * Deletes what is kept of everybody.
     *
     * @param \context $context
     */
    public static function delete_data_for_all_users_in_context(\context $context) {
        $scormid = self::scorm_of($context);
        if ($scormid !== null) {
            records::delete_for_activity($scormid);
            self::delete_exports($scormid);
        }
    }

    /**
     * Deletes what is kept of one user.
     *
     * @param approved_contextlist $contextlist
     */
    public static function delete_data_for_user(approved_contextlist $contextlist) {
        foreach ($contextlist->get_contexts() as $context) {
            $scormid = self::scorm_of($context);
            if ($scormid !== null) {
                records::delete_for_users($scormid, [(int) $contextlist->get_user()->id]);
                self::delete_exports($scormid);
            }
        }
    }

    /**
     * Deletes what is kept of some users.
     *
     * @param approved_userlist $userlist
     */
    public static function delete_data_for_users(approved_userlist $userlist) {
        $scormid = self::scorm_of($userlist->get_context());
        if ($scormid !== null) {
            records::delete_for_users($scormid, array_map('intval', $userlist->get_userids()));
            self::delete_exports($scormid);
        }
    }

    /**
     * Deletes the exports of an activity: any of them may hold the results of whoever is to be forgotten, and whoever asked
     * for one can make it again.
     *
     * @param int $scormid
     */
    private static function delete_exports(int $scormid): void {
        job::delete('scormid = ?', [$scormid]);
    }

    /**
     * The SCORM activity of a context.
     *
     * @param \context $context
     * @return int|null scorm id, null if the context is not one of a SCORM activity
     */
    private static function scorm_of(\context $context): ?int {
        if (!$context instanceof \context_module) {
            return null;
        }
        $cm = get_coursemodule_from_id('scorm', $context->instanceid);
        return $cm ? (int) $cm->instance : null;
    }
}
