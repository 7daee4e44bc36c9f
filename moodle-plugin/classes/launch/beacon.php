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

namespace local_externalscormbridge\launch;

use local_externalscormbridge\event\access_denied;
use local_externalscormbridge\external\own_launch;
use local_externalscormbridge\keyring;
use local_externalscormbridge\ticket_log;

/**
 * What a SCO did while its page was taken away, sent by the relay itself.
 *
 * The request comes from the content's origin and has no cookies: the ticket in its body names a launch, and the launch
 * its learner. From there on it is a commit like any other, with that learner's rights as they are now. Nobody reads the
 * answer.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class beacon {
    /** Bytes of a request: what browsers keep alive beyond their page. */
    public const MAX_BYTES = 65536;

    /** Claim in tickets. */
    private const SCOPE = 'commit';

    /**
     * What the player is told: where to send, and by which right.
     *
     * @param launch $launch
     * @param int $now
     * @return array{url: string, ticket: string}
     */
    public static function config(launch $launch, int $now): array {
        global $CFG;

        return [
            'url' => "{$CFG->wwwroot}/local/externalscormbridge/beacon.php",
            'ticket' => self::tickets()->issue([
                'scope' => self::SCOPE,
                'exp' => $now + DAYSECS,
                'aud' => $CFG->wwwroot,
                'launch' => $launch->token,
            ]),
        ];
    }

    /**
     * Answers a request.
     *
     * @param string $method
     * @param string $body at most one byte more than MAX_BYTES is looked at
     * @param int $now
     * @return int status
     */
    public static function answer(string $method, string $body, int $now): int {
        if ($method !== 'POST') {
            ticket_log::refused('beacon_method');
            return 405;
        }
        if (strlen($body) > self::MAX_BYTES) {
            ticket_log::refused('beacon_too_large');
            return 413;
        }
        $request = json_decode($body, true, 8);
        if (!is_string($request['ticket'] ?? null) || !is_array($request['entries'] ?? null) || count($request) !== 2) {
            ticket_log::refused('beacon_shape');
            return 400;
        }
        try {
            return self::commit(self::launch($request['ticket'], $now), self::entries($body));
        } catch (\Scormbridge\TicketException $e) {
            ticket_log::refused($e->reason);
            return 403;
        }
    }

    /**
     * The launch that a ticket is for.
     *
     * @param string $ticket
     * @param int $now
     * @return string token
     * @throws \Scormbridge\TicketException if the ticket is worth nothing here and now
     */
    private static function launch(string $ticket, int $now): string {
        global $CFG;

        return self::tickets()->verify($ticket, self::SCOPE, $CFG->wwwroot, $now)['launch'];
    }

    /**
     * The entries of a request as text.
     *
     * @param string $body that was read before
     * @return string
     */
    private static function entries(string $body): string {
        // As objects: an empty one must not become a list on its way through PHP.
        return json_encode(json_decode($body)->entries, JSON_THROW_ON_ERROR | JSON_UNESCAPED_UNICODE);
    }

    /**
     * Stores the entries as those of the launch's learner.
     *
     * @param string $token
     * @param string $entries
     * @return int status
     */
    private static function commit(string $token, string $entries): int {
        $launch = store::find($token);
        $user = $launch ? \core_user::get_user($launch->userid) : false;
        try {
            if (!$launch || !$user) {
                access_denied::of(\context_system::instance(), 'launch_unknown')->trigger();
                return 403;
            }
            \core\session\manager::set_user($user);
            self::check_user($user);
            own_launch::find($token)->commit($entries);
            return 204;
        } catch (refused $e) {
            return $e->reason === 'busy' ? 503 : 403;
        }
    }

    /**
     * Makes sure that the learner could log in.
     *
     * @param \stdClass $user
     * @throws refused if not
     */
    private static function check_user(\stdClass $user): void {
        try {
            if (isguestuser($user)) {
                throw new refused('user_inactive');
            }
            \core_user::require_active_user($user, true, true);
        } catch (\moodle_exception $e) {
            access_denied::of(\context_system::instance(), 'user_inactive')->trigger();
            throw new refused('user_inactive');
        }
    }

    /**
     * The site's tickets.
     *
     * @return \Scormbridge\Tickets
     */
    private static function tickets(): \Scormbridge\Tickets {
        $ring = keyring::load(keyring::TICKETS);
        return new \Scormbridge\Tickets($ring['keys'], $ring['current']);
    }
}
