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

namespace local_externalscormbridge\rotation;

use local_externalscormbridge\gateway_options;
use local_externalscormbridge\keyring;

/**
 * The keys that are no longer current: what still needs them, and their end.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class old_keys {
    /**
     * Seconds that a current key must be old before the ones before it go. A request that began before the rotation may
     * still seal with the older key; a ticket signed with it may live for a day.
     */
    private const GRACE = [
        keyring::DATA => HOURSECS,
        keyring::TICKETS => DAYSECS + HOURSECS,
        keyring::OWNERS => 0,
    ];

    /** Reason for a key to stay: values are sealed with it. */
    public const IN_USE = 'in_use';

    /** Reason: the current key is too young. */
    public const TOO_SOON = 'too_soon';

    /** Reason: a damaged value does not say which key has sealed it. */
    public const UNNAMED = 'unnamed';

    /**
     * How many values each key of results has sealed.
     *
     * @return array<string, array<string, int>> by key id and name of the place
     */
    public static function usage(): array {
        $usage = [];
        foreach (array_keys(keyring::load(keyring::DATA)['keys']) as $kid) {
            foreach (place::all() as $place) {
                $usage[$kid][$place->name] = $place->count($kid);
            }
        }
        return $usage;
    }

    /**
     * What is to become of the older keys of a ring.
     *
     * @param string $ring one of the constants of keyring
     * @param int $now
     * @return array<string, string|null> why a key stays, by key id; null for one that can go
     */
    public static function verdicts(string $ring, int $now): array {
        $keys = keyring::load($ring);
        $old = array_values(array_diff(array_keys($keys['keys']), [$keys['current']]));
        if ($old === []) {
            return [];
        }
        if ((keyring::made($ring) ?? 0) > $now - self::GRACE[$ring]) {
            return array_fill_keys($old, self::TOO_SOON);
        }
        if ($ring !== keyring::DATA) {
            return array_fill_keys($old, null);
        }
        $unnamed = array_sum(array_map(static fn(place $place): int => $place->count_unnamed(), place::all()));
        if ($unnamed > 0) {
            return array_fill_keys($old, self::UNNAMED);
        }
        $usage = self::usage();
        $verdicts = [];
        foreach ($old as $kid) {
            $verdicts[$kid] = array_sum($usage[$kid]) > 0 ? self::IN_USE : null;
        }
        return $verdicts;
    }

    /**
     * Drops the older keys of a ring that nothing needs.
     *
     * @param string $ring one of the constants of keyring
     * @param int $now
     * @return array<string, string|null> as verdicts() gives it; those with null are gone
     */
    public static function drop(string $ring, int $now): array {
        $verdicts = self::verdicts($ring, $now);
        $going = array_keys(array_filter($verdicts, static fn(?string $reason): bool => $reason === null));
        if ($going !== []) {
            keyring::drop($ring, $going);
            gateway_options::refresh();
        }
        return $verdicts;
    }
}
