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
 * Checks whether all is right for packages to play.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

use core\check\result;
use local_externalscormbridge\diagnosis\checks;

define('CLI_SCRIPT', true);

require(__DIR__ . '/../../../config.php');
require_once("{$CFG->libdir}/clilib.php");

[$options, $unrecognized] = cli_get_params(
    ['help' => false, 'json' => false, 'check' => null],
    ['h' => 'help', 'j' => 'json', 'c' => 'check']
);
$help = 'Checks whether all is right for CDN packages to play. The page "Diagnose" of the settings shows the same, and what only
the web server can know.

Options:
    -c, --check=NAME   only this check, such as keys
    -j, --json         as JSON
    -h, --help         this text

Exit code: 0 if all is well, 1 if something is not as it should be, 2 if something does not work, 3 if an option is wrong.

Example:
    $ sudo -u www-data php local/externalscormbridge/cli/diagnose.php
';
if ($options['help']) {
    echo $help;
    exit(0);
}
$checks = array_filter(
    checks::all(),
    static fn($check): bool => $options['check'] === null || $check->get_id() === $options['check']
);
if ($checks === [] || $unrecognized) {
    cli_writeln(get_string('cliunknowoption', 'core_admin', implode(', ', $unrecognized ?: [$options['check']])), STDERR);
    cli_writeln($help, STDERR);
    exit(3);
}

$findings = [];
$told = [];
foreach ($checks as $check) {
    $finding = $check->finding();
    $findings[] = $finding;
    if ($options['json']) {
        $told[] = [
            'check' => $check->get_id(),
            'status' => $finding->status,
            'summary' => $finding->summary,
            'advice' => $finding->advice,
        ];
        continue;
    }
    cli_writeln(sprintf('%-9s %s: %s', strtoupper($finding->status), $check->get_name(), $finding->summary));
    foreach ($finding->advice as $advice) {
        cli_writeln(wordwrap("          {$advice}", 120, "\n          "));
    }
}
if ($options['json']) {
    cli_writeln(json_encode($told, JSON_THROW_ON_ERROR | JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE | JSON_PRETTY_PRINT));
}
exit(match (checks::worst($findings)) {
    result::CRITICAL, result::ERROR => 2,
    result::WARNING, result::UNKNOWN => 1,
    default => 0,
});
