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
 * Says what is at the URL of a package, and whether and how this site could play it.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

use local_externalscormbridge\config;
use local_externalscormbridge\launch\delivery;
use local_externalscormbridge\launch\ways;
use local_externalscormbridge\output\package_panel;
use local_externalscormbridge\package\package;
use local_externalscormbridge\package\prober;
use local_externalscormbridge\reason;

define('CLI_SCRIPT', true);

require(__DIR__ . '/../../../config.php');
require_once("{$CFG->libdir}/clilib.php");

[$options, $arguments] = cli_get_params(['help' => false], ['h' => 'help']);
$help = 'Says what is at the URL of a package, and whether and how this site could play it, by its settings: allowed sources,
limits, delivery. Nothing is stored.

Usage:
    check_url.php URL
    -h, --help       this text

Exit code: 0 if the package can be played, 1 if not, 2 if an option is wrong.

Example:
    $ sudo -u www-data php local/externalscormbridge/cli/check_url.php https://cdn.example.com/course/
';
if ($options['help']) {
    echo $help;
    exit(0);
}
if (count($arguments) !== 1 || str_starts_with($arguments[0], '-')) {
    cli_writeln($help, STDERR);
    exit(2);
}

try {
    $probe = prober::ask($arguments[0]);
} catch (\Scormbridge\Exception $e) {
    cli_writeln(reason::message($e), STDERR);
    exit(1);
}
$config = new config();
$package = package::from_probe(0, $arguments[0], $probe, time());
cli_writeln("{$package->manifesturl}: " . package_panel::version($package->version, $package->edition));
cli_writeln(get_string('package_parts', 'local_externalscormbridge', count($probe['scos'])));
foreach ($probe['scos'] as $sco) {
    cli_writeln("    {$sco['title']} ({$sco['identifier']}): {$sco['launch']}");
}
cli_writeln(get_string('package_ways', 'local_externalscormbridge') . ':');
foreach (ways::of($package, $config) as $way) {
    cli_writeln("    {$way['name']}: {$way['state']}" . ($way['reason'] === null ? '' : ": {$way['reason']}"));
}
foreach ($package->warnings as $warning) {
    cli_writeln($warning['message']);
}
if (delivery::mode($package, $config) === null) {
    $obstacles = delivery::obstacles($package, $config);
    cli_writeln(reason::text('no_delivery', ['obstacles' => $obstacles]), STDERR);
    exit(1);
}
exit(0);
