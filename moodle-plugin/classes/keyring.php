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

use core\encryption;

/**
 * The site's keys: one ring seals tracks, one signs tickets, one tells learners apart in their browsers.
 *
 * A ring is a map of key id to key with one current key; the others only open what was sealed before a rotation. Rings
 * rest in the plugin's settings encrypted by Moodle's own key, so that neither a database dump nor the data directory
 * alone gives a learner's answers away.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class keyring {
    /** Ring that seals tracks. */
    public const DATA = 'datakeys';

    /** Ring that signs tickets. */
    public const TICKETS = 'ticketkeys';

    /**
     * Ring that tells learners apart on a device they share. What a browser keeps opens with its current key alone, so a
     * rotation gives up what browsers have not sent yet.
     */
    public const OWNERS = 'ownerkeys';

    /** All of them. */
    public const RINGS = [self::DATA, self::TICKETS, self::OWNERS];

    /** Seconds to wait for another request that makes or changes a ring. */
    private const PATIENCE = 10;

    /**
     * The keys of one ring, made on first use.
     *
     * @param string $ring one of the constants of this class
     * @return array{keys: array<string, string>, current: string} 64 hexadecimal digits by key id
     */
    public static function load(string $ring): array {
        $stored = get_config(config::COMPONENT, $ring);
        $opened = $stored !== false && $stored !== '' ? self::open($stored) : self::create($ring);
        return ['keys' => $opened['keys'], 'current' => $opened['current']];
    }

    /**
     * When the current key of a ring was made.
     *
     * @param string $ring one of the constants of this class
     * @return int|null null if nobody wrote it down
     */
    public static function made(string $ring): ?int {
        $stored = (string) get_config(config::COMPONENT, $ring);
        $opened = $stored === '' ? [] : self::open($stored);
        return $opened['made'][$opened['current'] ?? ''] ?? null;
    }

    /**
     * Makes a new key current; what the older keys protect stays readable.
     *
     * @param string $ring one of the constants of this class
     * @return string id of the new key
     */
    public static function rotate(string $ring): string {
        self::load($ring);
        return self::changing($ring, static function (string $stored) use ($ring): string {
            $opened = self::open($stored);
            $kid = self::next_id($opened);
            $opened['keys'][$kid] = \Scormbridge\Vault::newKey();
            $opened['made'][$kid] = time();
            $opened['current'] = $kid;
            self::store($ring, $opened);
            return $kid;
        });
    }

    /**
     * Forgets keys. What they protect can never be opened again, so the caller has made sure that there is nothing. The
     * current key stays.
     *
     * @param string $ring one of the constants of this class
     * @param string[] $kids
     * @return string[] ids of the keys that are gone
     */
    public static function drop(string $ring, array $kids): array {
        return self::changing($ring, static function (string $stored) use ($ring, $kids): array {
            $opened = self::open($stored);
            $going = array_values(array_diff(array_intersect($kids, array_keys($opened['keys'])), [$opened['current']]));
            foreach ($going as $kid) {
                unset($opened['keys'][$kid], $opened['made'][$kid]);
            }
            // An id is never given twice: what an old backup holds under it must not be taken for something else's.
            $opened['last'] = max(array_map([self::class, 'number'], [...$going, ...array_keys($opened['keys'])]));
            self::store($ring, $opened);
            return $going;
        });
    }

    /**
     * Whether a ring exists, without making it.
     *
     * @param string $ring one of the constants of this class
     * @return bool
     */
    public static function exists(string $ring): bool {
        return (string) get_config(config::COMPONENT, $ring) !== '';
    }

    /**
     * Makes a ring with its first key. Two requests may want to at once: the one that comes second must not replace a
     * key that has sealed something already, so the making is locked and looks again.
     *
     * @param string $ring
     * @return array
     */
    private static function create(string $ring): array {
        return self::changing($ring, static function (string $stored) use ($ring): array {
            if ($stored !== '') {
                return self::open($stored);
            }
            $keys = ['keys' => ['k1' => \Scormbridge\Vault::newKey()], 'current' => 'k1', 'made' => ['k1' => time()]];
            self::store($ring, $keys);
            return $keys;
        });
    }

    /**
     * Does something to a ring while nobody else does.
     *
     * @param string $ring
     * @param callable $work given what is stored, empty if there is nothing
     * @return mixed what the work returns
     */
    private static function changing(string $ring, callable $work): mixed {
        global $DB;

        $factory = \core\lock\lock_config::get_lock_factory(config::COMPONENT);
        $lock = $factory->get_lock("keyring-{$ring}", self::PATIENCE);
        if (!$lock) {
            throw new \moodle_exception('locktimeout');
        }
        try {
            // Past the cache, which another request may not have reached yet.
            $conditions = ['plugin' => config::COMPONENT, 'name' => $ring];
            return $work((string) $DB->get_field('config_plugins', 'value', $conditions));
        } finally {
            $lock->release();
        }
    }

    /**
     * Encrypts a ring and stores it.
     *
     * @param string $ring
     * @param array $keys
     */
    private static function store(string $ring, array $keys): void {
        set_config($ring, encryption::encrypt(json_encode($keys, JSON_THROW_ON_ERROR)), config::COMPONENT);
    }

    /**
     * Decrypts a stored ring.
     *
     * @param string $stored
     * @return array
     */
    private static function open(string $stored): array {
        return json_decode(encryption::decrypt($stored), true, 4, JSON_THROW_ON_ERROR);
    }

    /**
     * The first key id that no key has had.
     *
     * @param array $opened
     * @return string
     */
    private static function next_id(array $opened): string {
        return 'k' . (max($opened['last'] ?? 0, ...array_map([self::class, 'number'], array_keys($opened['keys']))) + 1);
    }

    /**
     * The number of a key id.
     *
     * @param string $kid
     * @return int
     */
    private static function number(string $kid): int {
        return (int) substr($kid, 1);
    }
}
