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
 * Gives the site new keys, seals stored values with them, and forgets old ones.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

use local_externalscormbridge\gateway_options;
use local_externalscormbridge\keyring;
use local_externalscormbridge\rotation\old_keys;
use local_externalscormbridge\rotation\place;
use local_externalscormbridge\rotation\resealer;

define('CLI_SCRIPT', true);

require(__DIR__ . '/../../../config.php');
require_once("{$CFG->libdir}/clilib.php");

$rings = ['data' => keyring::DATA, 'tickets' => keyring::TICKETS, 'devices' => keyring::OWNERS];
[$options, $unrecognized] = cli_get_params(
    [
        'help' => false, 'rotate' => false, 'reseal' => false, 'drop-old' => false, 'keys' => 'data', 'limit' => null,
        'dry-run' => false,
    ],
    ['h' => 'help', 'r' => 'rotate', 's' => 'reseal', 'd' => 'drop-old', 'k' => 'keys', 'l' => 'limit', 'n' => 'dry-run']
);
$help = 'Gives the site new keys. Without --rotate, --reseal or --drop-old it shows which keys there are and what they have sealed.

Options:
    -r, --rotate       makes a new key current; what older keys have sealed stays readable
    -s, --reseal       seals all stored results and history with the current key; learners may play meanwhile. What was
                       done stays done if it is interrupted: run it again
    -d, --drop-old     forgets older keys, once nothing is sealed with them any more and the current one is an hour old
                       (tickets: 25 hours)
    -k, --keys=KINDS   which keys to rotate or drop: data (results and history, the default), tickets (signatures of
                       addresses) and devices, separated by commas. With new keys for devices, browsers lose what they could
                       not send yet
    -l, --limit=COUNT  seals so many values at most
    -n, --dry-run      changes nothing, and says what would be done
    -h, --help         this text

Backups of the database need the keys of their time. Keep a backup of the plugin\'s keys and of the folder "secret" in the
data directory with them before you drop old keys.

Exit code: 0 if all was done, 1 if values could not be opened or keys had to stay, 2 if an option is wrong, 3 if there is more
to seal: run it again.

Example:
    $ sudo -u www-data php local/externalscormbridge/cli/rotate_keys.php --rotate --reseal
    … an hour later
    $ sudo -u www-data php local/externalscormbridge/cli/rotate_keys.php --reseal --drop-old
';
if ($options['help']) {
    echo $help;
    exit(0);
}
$kinds = explode(',', (string) $options['keys']);
$unrecognized = array_merge($unrecognized, array_diff($kinds, array_keys($rings)));
if ($options['limit'] !== null && !ctype_digit((string) $options['limit'])) {
    $unrecognized[] = $options['limit'];
}
if ($unrecognized) {
    cli_writeln(get_string('cliunknowoption', 'core_admin', implode(', ', $unrecognized)), STDERR);
    cli_writeln($help, STDERR);
    exit(2);
}
$dryrun = (bool) $options['dry-run'];
$code = 0;
raise_memory_limit(MEMORY_HUGE);

if (!$options['rotate'] && !$options['reseal'] && !$options['drop-old']) {
    foreach ($rings as $kind => $ring) {
        $keys = keyring::load($ring);
        $made = keyring::made($ring);
        cli_writeln("{$kind}: " . implode(', ', array_keys($keys['keys'])) . "; current {$keys['current']}"
            . ($made === null ? '' : ', made ' . date('Y-m-d H:i', $made)));
    }
    foreach (old_keys::usage() as $kid => $counts) {
        $told = array_map(static fn(string $name, int $count): string => "{$count} in {$name}", array_keys($counts), $counts);
        cli_writeln("sealed with {$kid}: " . implode(', ', $told));
    }
    exit(0);
}

if ($options['rotate']) {
    foreach ($kinds as $kind) {
        cli_writeln("{$kind}: " . ($dryrun ? 'would get a new key' : 'the current key is now ' . keyring::rotate($rings[$kind])));
    }
    if (!$dryrun) {
        gateway_options::refresh();
    }
}
if ($options['reseal']) {
    $progress = static function (place $place, resealer $sofar): void {
        cli_writeln("... {$place->name}: {$sofar->resealed} so far");
    };
    $done = (new resealer($dryrun, $options['limit'] === null ? null : (int) $options['limit'], $progress))->run();
    cli_writeln(($dryrun ? 'would seal' : 'sealed') . " {$done->resealed} values with the current key, left {$done->unopened} "
        . "that cannot be opened, and {$done->changed} that were changed meanwhile");
    $code = $done->unopened > 0 ? 1 : 0;
    if (!$done->complete || $done->changed > 0) {
        cli_writeln('There may be more: run this again.');
        $code = 3;
    }
}
if ($options['drop-old']) {
    $reasons = [
        old_keys::IN_USE => 'stays: values are sealed with it. Use --reseal; what cannot be opened keeps its key',
        old_keys::TOO_SOON => 'stays: the current key is too young',
        old_keys::UNNAMED => 'stays: a damaged value does not say which key has sealed it',
    ];
    foreach ($kinds as $kind) {
        $verdicts = $dryrun ? old_keys::verdicts($rings[$kind], time()) : old_keys::drop($rings[$kind], time());
        foreach ($verdicts as $kid => $reason) {
            $gone = $dryrun ? 'would be dropped' : 'dropped';
            cli_writeln("{$kind}: {$kid} " . ($reason === null ? $gone : $reasons[$reason]));
            $code = $reason === null ? $code : max($code, 1);
        }
        if ($verdicts === []) {
            cli_writeln("{$kind}: there is no older key");
        }
    }
}
exit($code);
