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
 * Signed, expiring permissions for what cannot carry a session cookie.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class Tickets {
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
        connection::call('Tickets/__construct', $keys, $current);
        $this->keys = $keys;
        $this->current = $current;
    }

    /**
     * Signs a ticket.
     *
     * @param array $claims
     * @return string
     */
    public function issue(array $claims): string {
        return connection::call('Tickets/issue', $this->keys, $this->current, $claims);
    }

    /**
     * The claims of a ticket that is genuine, for this scope and audience, and not expired.
     *
     * @param string $ticket
     * @param string $scope
     * @param string $audience
     * @param int $now
     * @return array
     */
    public function verify(string $ticket, string $scope, string $audience, int $now): array {
        return connection::call('Tickets/verify', $this->keys, $this->current, $ticket, $scope, $audience, $now);
    }
}
