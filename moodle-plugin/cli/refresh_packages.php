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
 * Looks whether packages on their CDNs have changed, and lets activities follow them.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

use local_externalscormbridge\package\finding;
use local_externalscormbridge\package\pending;
use local_externalscormbridge\package\refresher;
use local_externalscormbridge\package\store;
use local_externalscormbridge\reason;

define('CLI_SCRIPT', true);

require(__DIR__ . '/../../../config.php');
require_once("{$CFG->libdir}/clilib.php");

[$options, $unrecognized] = cli_get_params(
    ['help' => false, 'cmid' => null, 'course' => null, 'accept' => false],
    ['h' => 'help']
);
$help = 'Looks whether packages on their CDNs have changed, and lets activities follow them as the site wants it.

Options:
    --cmid=ID        only of this activity (the number in its address)
    --course=ID      only of this course
    --accept         take changes over that would wait for review; results of parts that are gone are deleted
    -h, --help       this text

Exit code: 0 if all is well, 1 if some could not be checked, 2 if an option is wrong, 3 if some wait and none failed.

Example:
    $ sudo -u www-data php local/externalscormbridge/cli/refresh_packages.php --course=12
';
if ($options['help']) {
    echo $help;
    exit(0);
}
foreach (['cmid', 'course'] as $name) {
    if ($options[$name] !== null && !ctype_digit((string) $options[$name])) {
        $unrecognized[] = $options[$name];
    }
}
if ($unrecognized) {
    cli_writeln(get_string('cliunknowoption', 'core_admin', implode(', ', $unrecognized)), STDERR);
    cli_writeln($help, STDERR);
    exit(2);
}

$packages = store::choose(
    $options['course'] === null ? null : (int) $options['course'],
    $options['cmid'] === null ? null : (int) $options['cmid']
);
$counts = array_fill_keys([finding::UNCHANGED, finding::TAKEN, finding::WAITING, finding::FAILED], 0);
foreach ($packages as $index => $package) {
    try {
        $finding = refresher::refresh($package);
        $waiting = pending::find($package->scormid);
        if ($options['accept'] && $finding->outcome === finding::WAITING && $waiting !== null) {
            $finding = refresher::accept($package, $waiting->hash());
        }
        $outcome = $finding->outcome;
        $reason = $finding->package->checkreason;
        $why = $reason === null ? '' : ' ' . reason::text($reason, $finding->package->checkdetails);
    } catch (\moodle_exception $e) {
        $outcome = finding::FAILED;
        $why = " {$e->getMessage()}";
        $finding = null;
    }
    $counts[$outcome]++;
    cli_writeln(($index + 1) . '/' . count($packages) . " scorm {$package->scormid}, {$package->cdnurl}: {$outcome}{$why}");
    foreach ($finding?->difference?->scoes ?? [] as $change) {
        cli_writeln("    {$change->kind}: {$change->title} ({$change->identifier})");
    }
}
cli_writeln(implode(', ', array_map(
    static fn(string $outcome, int $count): string => "{$count} {$outcome}",
    array_keys($counts),
    $counts
)));
exit($counts[finding::FAILED] > 0 ? 1 : ($counts[finding::WAITING] > 0 ? 3 : 0));
