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

namespace Scormbridge;

use local_externalscormbridge\service\connection;
use local_externalscormbridge\service\opaque;

// The names are the extension's; ext/stubs/scormbridge.stub.php says what they mean.
// phpcs:disable moodle.NamingConventions.ValidFunctionName.LowercaseMethod

/**
 * Seals values so that only their own row can open them. The keys go with each call; the service keeps none.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class Vault {
    use opaque;

    /** @var array as given */
    private array $keys;

    /** @var string as given */
    private string $current;

    /**
     * Constructor.
     *
     * @param array $keys
     * @param string $current
     */
    public function __construct(array $keys, string $current) {
        connection::call('Vault/__construct', $keys, $current);
        $this->keys = $keys;
        $this->current = $current;
    }

    /**
     * Seals a value for exactly one place.
     *
     * @param string $plain
     * @param array $context
     * @return string
     */
    public function seal(string $plain, array $context): string {
        return connection::call('Vault/seal', $this->keys, $this->current, $plain, $context);
    }

    /**
     * Opens a value that was sealed for this place.
     *
     * @param string $sealed
     * @param array $context
     * @return string
     */
    public function open(string $sealed, array $context): string {
        return connection::call('Vault/open', $this->keys, $this->current, $sealed, $context);
    }

    /**
     * Whether the value was sealed with a key that is no longer the current one.
     *
     * @param string $sealed
     * @return bool
     */
    public function needsReseal(string $sealed): bool {
        return connection::call('Vault/needsReseal', $this->keys, $this->current, $sealed);
    }

    /**
     * Whether the value has the form of a sealed value.
     *
     * @param string $value
     * @return bool
     */
    public static function isSealed(string $value): bool {
        return connection::call('Vault/isSealed', $value);
    }

    /**
     * A new random key, as 64 hexadecimal digits.
     *
     * @return string
     */
    public static function newKey(): string {
        return connection::call('Vault/newKey');
    }
}
