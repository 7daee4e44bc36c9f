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
 * Exports what learners did in a SCORM activity that plays a CDN package.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

use local_externalscormbridge\event\report_exported;
use local_externalscormbridge\export\document;
use local_externalscormbridge\export\part;
use local_externalscormbridge\export\request;
use local_externalscormbridge\export\selection;
use local_externalscormbridge\report\activity;

define('CLI_SCRIPT', true);

require(__DIR__ . '/../../../config.php');
require_once("{$CFG->libdir}/clilib.php");

$all = implode(',', array_column(part::cases(), 'value'));
[$options, $unrecognized] = cli_get_params(
    ['help' => false, 'activity' => null, 'user' => '0', 'group' => '0', 'parts' => $all, 'format' => 'json', 'out' => null],
    ['h' => 'help', 'a' => 'activity', 'u' => 'user', 'g' => 'group', 'p' => 'parts', 'f' => 'format', 'o' => 'out']
);
$formats = implode(', ', array_keys(request::formats()));
$help = "Exports what learners did in a SCORM activity that plays a CDN package, as an administrator sees it.

Options:
    -a, --activity=ID    the activity (course_modules.id, as in the address of its page)
    -u, --user=ID        only of this user
    -g, --group=ID       only of this group
    -p, --parts=LIST     any of {$all}; all unless told otherwise
    -f, --format=NAME    one of {$formats}; json unless told otherwise
    -o, --out=FILE       where to write it; to standard output unless told otherwise
    -h, --help           this text

Progress goes to standard error. Several parts as csv are a zip file.

Exit code: 0 if all was exported, 1 if it failed, 2 if an option is wrong, 3 if there is nothing to export.

Example:
    \$ sudo -u www-data php local/externalscormbridge/cli/export.php --activity=12 --format=csv --parts=summary --out=summary.csv
";
if ($options['help']) {
    echo $help;
    exit(0);
}
$wrong = static function (string $what) use ($help): never {
    cli_writeln($what, STDERR);
    cli_writeln($help, STDERR);
    exit(2);
};
if ($unrecognized) {
    $wrong(get_string('cliunknowoption', 'core_admin', implode(', ', $unrecognized)));
}
foreach (['activity', 'user', 'group'] as $name) {
    if (!ctype_digit((string) $options[$name])) {
        $wrong("--{$name} must be an id.");
    }
}
$names = explode(',', (string) $options['parts']);
$parts = part::named($names);
if (count($parts) !== count($names)) {
    $wrong("--parts must be some of {$all}.");
}
if (!isset(request::formats()[$options['format']])) {
    $wrong("--format must be one of {$formats}.");
}

\core\session\manager::set_user(get_admin());
try {
    $selection = new selection(activity::of((int) $options['activity']), (int) $options['user'], (int) $options['group']);
    $selection->demand();
} catch (\moodle_exception $e) {
    $wrong($e->getMessage());
}
$size = $selection->size();
if ($size->attempts === 0) {
    cli_writeln('There is nothing to export.', STDERR);
    exit(3);
}
try {
    $request = new request($selection, $parts, (string) $options['format']);
    $last = 0;
    $path = document::write($request, static function (int $done, int $total) use (&$last): void {
        if (time() > $last || $done === $total) {
            $last = time();
            cli_writeln("{$done} of {$total} attempts", STDERR);
        }
    });
    if (!copy($path, $options['out'] ?? 'php://stdout')) {
        throw new \moodle_exception('cannotwritefile', 'error', '', (string) $options['out']);
    }
    report_exported::of($request)->trigger();
} catch (\Throwable $e) {
    cli_writeln("Failed: {$e->getMessage()}", STDERR);
    exit(1);
}
cli_writeln("{$size->learners} learners exported", STDERR);
exit(0);
