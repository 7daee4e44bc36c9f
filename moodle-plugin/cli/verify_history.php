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
 * Checks that the history of attempts gives what is stored of them.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

use local_externalscormbridge\history\integrity;
use local_externalscormbridge\history\sco_attempt;
use local_externalscormbridge\history\store;

define('CLI_SCRIPT', true);

require(__DIR__ . '/../../../config.php');
require_once("{$CFG->libdir}/clilib.php");

[$options, $unrecognized] = cli_get_params(
    ['help' => false, 'scorm' => null, 'user' => null],
    ['h' => 'help', 's' => 'scorm', 'u' => 'user']
);
$help = 'Plays the history of attempts at CDN packages from nothing and compares the outcome with what is stored.

Options:
    -s, --scorm=ID   only attempts at this SCORM activity (scorm.id)
    -u, --user=ID    only attempts of this user
    -h, --help       this text

Exit code: 0 if all agree, 1 if some differ, 2 if an option is wrong, 3 if some were busy and none differ.
Each difference is logged as well.

Example:
    $ sudo -u www-data php local/externalscormbridge/cli/verify_history.php --scorm=12
';
if ($options['help']) {
    echo $help;
    exit(0);
}
$conditions = [];
foreach (['scormid' => $options['scorm'], 'userid' => $options['user']] as $column => $given) {
    if ($given === null) {
        continue;
    }
    if (!ctype_digit((string) $given)) {
        $unrecognized[] = $given;
        continue;
    }
    $conditions[$column] = (int) $given;
}
if ($unrecognized) {
    cli_writeln(get_string('cliunknowoption', 'core_admin', implode(', ', $unrecognized)), STDERR);
    cli_writeln($help, STDERR);
    exit(2);
}

$counts = ['same' => 0, 'different' => 0, 'busy' => 0];
$after = 0;
while ($rows = store::attempts($after, 100, $conditions)) {
    foreach ($rows as $row) {
        $after = (int) $row->lastid;
        $of = new sco_attempt((int) $row->scormid, (int) $row->userid, (int) $row->scoid, (int) $row->attempt);
        $differences = integrity::check($of);
        if ($differences === []) {
            $counts['same']++;
            continue;
        }
        $counts[$differences === null ? 'busy' : 'different']++;
        $name = "scorm {$of->scormid}, user {$of->userid}, sco {$of->scoid}, attempt {$of->attempt}";
        if ($differences === null) {
            cli_writeln("{$name}: busy, not checked");
            continue;
        }
        cli_writeln("{$name}:");
        foreach ($differences as $element => $difference) {
            cli_writeln($element === '' ? "    the history is {$difference}" : "    {$element}: {$difference}");
        }
    }
}
cli_writeln("{$counts['same']} agree, {$counts['different']} differ, {$counts['busy']} busy");
exit($counts['different'] > 0 ? 1 : ($counts['busy'] > 0 ? 3 : 0));
