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

use local_externalscormbridge\config;

/**
 * What the player in the browser is told, in the shape that js/protocol defines.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class player_config {
    /** Number of the wire formats, see docs/protocol.md. */
    public const PROTOCOL = 1;

    /** Features that content in the frame may use. */
    private const ALLOW = 'fullscreen; autoplay; clipboard-write; unload';

    /** Texts of the player. */
    private const STRINGS = [
        'connecting', 'saving', 'saved', 'offline', 'error', 'stopped', 'noanswer', 'retry',
        'restoring', 'signedout', 'signin', 'otherperson', 'superseded', 'timeout', 'gone',
    ];

    /** Milliseconds between two signs of life of the relay. */
    private const HEARTBEAT = 5000;

    /**
     * The configuration of one launch of a learner's.
     *
     * @param \stdClass $scorm
     * @param \stdClass $sco
     * @param launch $launch
     * @param delivery $delivery
     * @param string $scourl launch URL of the SCO
     * @param array $seed of the data model
     * @param string $prereqs where the table of contents is rendered anew
     * @return array
     */
    public static function build(
        \stdClass $scorm,
        \stdClass $sco,
        launch $launch,
        delivery $delivery,
        string $scourl,
        array $seed,
        string $prereqs
    ): array {
        return self::bare($scorm, $sco, $launch, $delivery, $scourl, $seed, $prereqs) + self::keeping($launch);
    }

    /**
     * The same for a launch of which nothing outlives its page.
     *
     * @param \stdClass $scorm
     * @param \stdClass $sco
     * @param launch $launch
     * @param delivery $delivery
     * @param string $scourl launch URL of the SCO
     * @param array $seed of the data model
     * @param string $prereqs where the table of contents is rendered anew
     * @return array
     */
    public static function bare(
        \stdClass $scorm,
        \stdClass $sco,
        launch $launch,
        delivery $delivery,
        string $scourl,
        array $seed,
        string $prereqs
    ): array {
        global $CFG;

        unset($seed['skipped']);
        // An empty PHP array is a list; on the wire these limits are an object.
        $seed['limits'] = (object) ($seed['limits'] ?? []);
        $config = new config();
        return [
            'protocol' => self::PROTOCOL,
            'frame' => [
                'url' => $delivery->frame_url($scourl),
                'origin' => $delivery->frame_origin(),
                'title' => html_entity_decode(format_string($sco->title), ENT_QUOTES | ENT_HTML5),
                'allow' => self::ALLOW,
            ],
            'sco' => $delivery->mode === 'sandbox' ? '' : $scourl,
            'seed' => $seed,
            'launch' => $launch->token,
            'commit' => [
                'url' => "{$CFG->wwwroot}/lib/ajax/service.php",
                'sesskey' => sesskey(),
            ],
            'batching' => ['interval_ms' => $config->saving_interval()],
            'timeouts' => [
                'hello_ms' => $config->player_timeout() * 1000,
                'commit_ms' => $config->commit_timeout() * 1000,
                'heartbeat_ms' => self::HEARTBEAT,
                'session_ms' => $config->session_timeout() * 1000,
            ],
            'strings' => self::strings(),
            'navigation' => [
                'auto' => (bool) $scorm->auto,
                'prereqs' => $prereqs,
            ],
        ];
    }

    /**
     * How entries survive the page and the session. What counts for nobody is not kept: a preview, a guest's visit, a look
     * through a learner's eyes. But any page of the learner's own sends what an earlier one could not.
     *
     * @param launch $launch
     * @return array
     */
    private static function keeping(launch $launch): array {
        global $CFG;

        if (!owner::is_somebody()) {
            return [];
        }
        $owner = ['owner' => ['tag' => owner::tag($launch->userid), 'key' => owner::key($launch->userid)]];
        if ($launch->mode !== 'normal') {
            return $owner;
        }
        return $owner + [
            'beacon' => beacon::config($launch, time()),
            'signin' => [
                'session' => "{$CFG->wwwroot}/local/externalscormbridge/session.php",
                'login' => get_login_url(),
            ],
        ];
    }

    /**
     * The player's texts in the learner's language.
     *
     * @return string[]
     */
    private static function strings(): array {
        $strings = [];
        foreach (self::STRINGS as $name) {
            $strings[$name] = get_string("player_{$name}", config::COMPONENT);
        }
        return $strings;
    }
}
