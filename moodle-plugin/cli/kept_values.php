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
 * Lists sealed values that could not be opened and were kept when others took their place.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

use local_externalscormbridge\tracking\kept_values;

define('CLI_SCRIPT', true);

require(__DIR__ . '/../../../config.php');
require_once("{$CFG->libdir}/clilib.php");

[$options, $unrecognized] = cli_get_params(
    ['help' => false, 'scorm' => null, 'user' => null, 'show' => false],
    ['h' => 'help', 's' => 'scorm', 'u' => 'user']
);
$help = 'Lists sealed values that could not be opened and were kept when others took their place.

Options:
    -s, --scorm=ID   only of this SCORM activity (scorm.id)
    -u, --user=ID    only of this user
    --show           the values themselves: in plain text where they open by now, else as stored
    -h, --help       this text

Example:
    $ sudo -u www-data php local/externalscormbridge/cli/kept_values.php --user=5 --show
';
if ($options['help']) {
    echo $help;
    exit(0);
}
$conditions = [];
foreach (['scormid' => $options['scorm'], 'userid' => $options['user']] as $column => $given) {
    if ($given !== null && !ctype_digit((string) $given)) {
        $unrecognized[] = $given;
    } else if ($given !== null) {
        $conditions[$column] = (int) $given;
    }
}
if ($unrecognized) {
    cli_writeln(get_string('cliunknowoption', 'core_admin', implode(', ', $unrecognized)), STDERR);
    cli_writeln($help, STDERR);
    exit(2);
}

$count = 0;
$rows = kept_values::all($conditions);
foreach ($rows as $row) {
    $count++;
    $plain = kept_values::open($row);
    $state = $plain === null ? "closed ({$row->reason})" : 'opens by now';
    cli_writeln(date('Y-m-d H:i:s', (int) $row->timecreated) . " scorm {$row->scormid}, user {$row->userid}, "
        . "sco {$row->scoid}, attempt {$row->attempt}, {$row->element}: {$state}");
    if ($options['show']) {
        cli_writeln($plain ?? $row->value);
    }
}
$rows->close();
cli_writeln("{$count} kept");
