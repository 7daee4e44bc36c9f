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

namespace local_externalscormbridge;

/**
 * A site that had an older version ends with the tables that a new one gets.
 *
 * @coversNothing
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class upgrade_test extends \advanced_testcase {
    /**
     * From the version without a history to this one.
     */
    public function test_upgrade_gives_the_tables_of_a_new_site(): void {
        global $CFG, $DB;
        require_once("{$CFG->libdir}/upgradelib.php");
        require_once(__DIR__ . '/../db/upgrade.php');

        $this->resetAfterTest();
        $this->preventResetByRollback();
        $version = get_config('local_externalscormbridge', 'version');
        $manager = $DB->get_manager();
        foreach (['hist', 'due', 'kept', 'export', 'pend'] as $name) {
            $manager->drop_table(new \xmldb_table("local_externalscormbridge_{$name}"));
        }
        $launches = new \xmldb_table('local_externalscormbridge_launch');
        $columns = ['scormid', 'userid', 'attempt', 'scoid'];
        $manager->drop_index($launches, new \xmldb_index('scormid-userid-attempt-scoid', XMLDB_INDEX_NOTUNIQUE, $columns));
        $manager->drop_field($launches, new \xmldb_field('clock'));
        $packages = new \xmldb_table('local_externalscormbridge_pkg');
        foreach (['edition', 'checkdetails'] as $name) {
            $manager->drop_field($packages, new \xmldb_field($name));
        }
        $now = ['timecreated' => 1, 'timemodified' => 1];
        $id = $DB->insert_record('local_externalscormbridge_launch', (object) ($now + [
            'token' => str_repeat('a', 32), 'scormid' => 1, 'scoid' => 1, 'userid' => 2, 'attempt' => 1, 'mode' => 'normal',
            'delivery' => 'host', 'lastseq' => 3, 'status' => 'running',
        ]));

        set_config('version', 2026112002, 'local_externalscormbridge');
        ob_start();
        $this->assertTrue(xmldb_local_externalscormbridge_upgrade(2026112002));
        ob_end_clean();

        $tables = ['pkg', 'pend', 'launch', 'hist', 'due', 'kept', 'export'];
        $problems = $manager->check_database_schema($manager->get_install_xml_schema());
        foreach ($tables as $name) {
            $this->assertArrayNotHasKey("local_externalscormbridge_{$name}", $problems);
        }
        $this->assertNull($DB->get_field('local_externalscormbridge_launch', 'clock', ['id' => $id]));
        set_config('version', $version, 'local_externalscormbridge');
    }
}
