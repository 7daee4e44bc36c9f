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

    /**
     * The keys of one ring, made on first use.
     *
     * @param string $ring one of the constants of this class
     * @return array{keys: array<string, string>, current: string} 64 hexadecimal digits by key id
     */
    public static function load(string $ring): array {
        $stored = get_config(config::COMPONENT, $ring);
        if ($stored !== false && $stored !== '') {
            return self::open($stored);
        }
        return self::create($ring);
    }

    /**
     * Makes a new key current; what the older keys protect stays readable.
     *
     * @param string $ring one of the constants of this class
     */
    public static function rotate(string $ring): void {
        $keys = self::load($ring);
        $kid = self::next_id($keys['keys']);
        $keys['keys'][$kid] = \Scormbridge\Vault::newKey();
        $keys['current'] = $kid;
        self::store($ring, $keys);
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
        global $DB;

        $lock = \core\lock\lock_config::get_lock_factory(config::COMPONENT)->get_lock("keyring-{$ring}", 10);
        if (!$lock) {
            throw new \moodle_exception('locktimeout');
        }
        try {
            // Past the cache, which another request may not have reached yet.
            $stored = (string) $DB->get_field('config_plugins', 'value', ['plugin' => config::COMPONENT, 'name' => $ring]);
            if ($stored !== '') {
                return self::open($stored);
            }
            $keys = ['keys' => ['k1' => \Scormbridge\Vault::newKey()], 'current' => 'k1'];
            self::store($ring, $keys);
            return $keys;
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
     * The first free key id.
     *
     * @param array $keys
     * @return string
     */
    private static function next_id(array $keys): string {
        $number = count($keys) + 1;
        while (isset($keys["k{$number}"])) {
            $number++;
        }
        return "k{$number}";
    }
}
