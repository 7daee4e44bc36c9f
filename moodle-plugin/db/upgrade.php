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

/**
 * Steps from one version of External SCORM Bridge to the next.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

/**
 * Upgrades the plugin's tables.
 *
 * @param int $oldversion
 * @return bool
 */
function xmldb_local_externalscormbridge_upgrade($oldversion) {
    global $DB;

    $manager = $DB->get_manager();

    if ($oldversion < 2026112003) {
        $launches = new xmldb_table('local_externalscormbridge_launch');
        $clock = new xmldb_field('clock', XMLDB_TYPE_INTEGER, '20', null, null, null, null, 'carry');
        if (!$manager->field_exists($launches, $clock)) {
            $manager->add_field($launches, $clock);
        }
        $columns = ['scormid', 'userid', 'attempt', 'scoid'];
        $index = new xmldb_index('scormid-userid-attempt-scoid', XMLDB_INDEX_NOTUNIQUE, $columns);
        if (!$manager->index_exists($launches, $index)) {
            $manager->add_index($launches, $index);
        }
        // Nobody has these tables in an older shape, so the file that describes them serves to make them.
        foreach (['hist', 'due', 'kept'] as $name) {
            $table = "local_externalscormbridge_{$name}";
            if (!$manager->table_exists($table)) {
                $manager->install_one_table_from_xmldb_file(__DIR__ . '/install.xml', $table);
            }
        }
        upgrade_plugin_savepoint(true, 2026112003, 'local', 'externalscormbridge');
    }
    if ($oldversion < 2026112006) {
        if (!$manager->table_exists('local_externalscormbridge_export')) {
            $manager->install_one_table_from_xmldb_file(__DIR__ . '/install.xml', 'local_externalscormbridge_export');
        }
        upgrade_plugin_savepoint(true, 2026112006, 'local', 'externalscormbridge');
    }
    if ($oldversion < 2026112007) {
        $packages = new xmldb_table('local_externalscormbridge_pkg');
        $fields = [
            new xmldb_field('edition', XMLDB_TYPE_CHAR, '10', null, null, null, null, 'version'),
            new xmldb_field('checkdetails', XMLDB_TYPE_TEXT, null, null, null, null, null, 'checkreason'),
        ];
        foreach ($fields as $field) {
            if (!$manager->field_exists($packages, $field)) {
                $manager->add_field($packages, $field);
            }
        }
        if (!$manager->table_exists('local_externalscormbridge_pend')) {
            $manager->install_one_table_from_xmldb_file(__DIR__ . '/install.xml', 'local_externalscormbridge_pend');
        }
        upgrade_plugin_savepoint(true, 2026112007, 'local', 'externalscormbridge');
    }
    return true;
}
