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

namespace local_externalscormbridge\check;

use local_externalscormbridge\diagnosis\check;
use local_externalscormbridge\diagnosis\finding;
use local_externalscormbridge\diagnosis\own_host;
use local_externalscormbridge\keyring;

/**
 * Whether a ticket counts from the moment it is issued, on this server and on those that answer for the site.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class clock extends check {
    /** Seconds that clocks may differ by: tickets of players live for hours. */
    private const TOLERANCE = 60;

    /**
     * Constructor.
     *
     * @param own_host $hosts
     */
    public function __construct(
        /** @var own_host asks the site's own hosts */
        private readonly own_host $hosts = new own_host()
    ) {
    }

    /**
     * Whether it cannot be answered without the extension.
     *
     * @return bool
     */
    protected function needs_engine(): bool {
        return true;
    }

    /**
     * Looks.
     *
     * @return finding
     */
    protected function look(): finding {
        global $CFG;

        $now = time();
        $ring = keyring::load(keyring::TICKETS);
        $tickets = new \Scormbridge\Tickets($ring['keys'], $ring['current']);
        $claims = ['scope' => 'commit', 'exp' => $now + 1, 'aud' => $CFG->wwwroot, 'launch' => str_repeat('0', 32)];
        $tickets->verify($tickets->issue($claims), 'commit', $CFG->wwwroot, $now);

        $told = $this->hosts->content($CFG->wwwroot, 'sandbox')->header('date');
        $theirs = $told === '' ? false : strtotime($told);
        if ($theirs === false) {
            return finding::ok(self::text('clock_here'));
        }
        $apart = abs($theirs - time());
        return $apart > self::TOLERANCE
            ? finding::error(self::text('clock_apart', $apart), self::text('clock_apart_do'))
            : finding::ok(self::text('clock_ok'));
    }
}
