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

/**
 * The site settings, typed.
 *
 * Moodle stores every setting as text and a setting may be missing; this is the one place that knows the defaults and
 * turns text into what the extension expects. It decides nothing: the rules are the extension's.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class config {
    /** Component name, as Moodle stores settings under it. */
    public const COMPONENT = 'local_externalscormbridge';

    /** Delivery modes by their wire names, in the order of preference a new site starts with. */
    public const DELIVERY_MODES = ['direct', 'host', 'sandbox'];

    /** Classes of tracks that can be sealed, as the data model names them. */
    public const SEALABLE_CLASSES = ['suspend', 'interaction', 'objective', 'comment', 'location'];

    /** A package that has changed under learners who have begun waits for somebody to review it. */
    public const CHANGES_WAIT = 'wait';

    /** It is followed at once. */
    public const CHANGES_FOLLOWED = 'follow';

    /** What a setting is worth when nobody has set it. */
    public const DEFAULTS = [
        'allowlist' => '',
        'ports' => '',
        'devmode' => '0',
        'delivery' => 'direct,host,sandbox',
        'contenthost' => '',
        'serviceaddress' => '',
        'servicesecretfile' => '',
        'connecttimeout' => '5',
        'totaltimeout' => '30',
        'readtimeout' => '30',
        'probetimeout' => '60',
        'playertimeout' => '30',
        'savinginterval' => '2000',
        'committimeout' => '20',
        'sessiontimeout' => '0',
        'maxurllength' => '2048',
        'maxmanifestmb' => '16',
        'maxfilemb' => '2048',
        'sealscope' => 'suspend,interaction,comment',
        'checkinterval' => '86400',
        'packagechanges' => self::CHANGES_WAIT,
        'launchlifetime' => '2592000',
        'historylifetime' => '31536000',
        'exportlifetime' => '604800',
    ];

    /** @var array<string, string> settings as stored, by name */
    private array $values;

    /**
     * Reads the settings once.
     */
    public function __construct() {
        $stored = array_map('strval', (array) get_config(self::COMPONENT));
        $this->values = $stored + self::DEFAULTS;
    }

    /**
     * Options of \Scormbridge\UrlPolicy.
     *
     * @return array
     */
    public function policy_options(): array {
        return [
            'allow' => self::lines($this->values['allowlist']),
            'ports' => array_map('intval', self::words($this->values['ports'])),
            'devloopback' => $this->development(),
            'maxlength' => (int) $this->values['maxurllength'],
        ];
    }

    /**
     * Options of \Scormbridge\Gateway, without the ticket keys, which are secrets.
     *
     * @return array
     */
    public function gateway_options(): array {
        return $this->policy_options() + [
            'connecttimeout' => (int) $this->values['connecttimeout'],
            'readtimeout' => (int) $this->values['readtimeout'],
            'totaltimeout' => (int) $this->values['totaltimeout'],
            'probetimeout' => (int) $this->values['probetimeout'],
            'maxmanifestbytes' => (int) $this->values['maxmanifestmb'] * 1024 * 1024,
            'maxfilebytes' => (int) $this->values['maxfilemb'] * 1024 * 1024,
        ];
    }

    /**
     * Where the local service is, which stands in for the extension where that is not loaded.
     *
     * @return array{address: string, secretfile: string} both empty where none was chosen
     */
    public function service(): array {
        return [
            'address' => trim($this->values['serviceaddress']),
            'secretfile' => trim($this->values['servicesecretfile']),
        ];
    }

    /**
     * Whether loopback addresses and plain http are let through, for development sites only.
     *
     * @return bool
     */
    public function development(): bool {
        return (bool) $this->values['devmode'];
    }

    /**
     * Delivery modes the site wants, most wanted first.
     *
     * @return string[] wire names
     */
    public function delivery_order(): array {
        return array_values(array_intersect(self::words($this->values['delivery']), self::DELIVERY_MODES));
    }

    /**
     * The second host name that content is served from, without a trailing slash.
     *
     * @return string|null null where the site has none
     */
    public function content_host(): ?string {
        $host = rtrim($this->values['contenthost'], '/');
        return $host === '' ? null : origin::of($host) . parse_url($host, PHP_URL_PATH);
    }

    /**
     * Classes of tracks that are sealed before they are stored.
     *
     * @return string[]
     */
    public function sealed_classes(): array {
        return array_values(array_intersect(self::words($this->values['sealscope']), self::SEALABLE_CLASSES));
    }

    /**
     * Seconds the player waits for the content to say hello before it offers to try again.
     *
     * @return int
     */
    public function player_timeout(): int {
        return (int) $this->values['playertimeout'];
    }

    /**
     * Milliseconds for which the player gathers calls before it sends them.
     *
     * @return int
     */
    public function saving_interval(): int {
        return (int) $this->values['savinginterval'];
    }

    /**
     * Seconds the player waits for the answer to a commit.
     *
     * @return int
     */
    public function commit_timeout(): int {
        return (int) $this->values['committimeout'];
    }

    /**
     * Seconds that a launch may go on.
     *
     * @return int 0 for as long as it likes
     */
    public function session_timeout(): int {
        return (int) $this->values['sessiontimeout'];
    }

    /**
     * Seconds that the history of an attempt is kept after it has grown last.
     *
     * @return int 0 for as long as the attempt is there
     */
    public function history_lifetime(): int {
        return (int) $this->values['historylifetime'];
    }

    /**
     * Seconds between two checks of a package on its CDN.
     *
     * @return int
     */
    public function check_interval(): int {
        return (int) $this->values['checkinterval'];
    }

    /**
     * Whether a package that has changed under learners who have begun waits until somebody has reviewed it.
     *
     * @return bool
     */
    public function changes_wait(): bool {
        return $this->values['packagechanges'] !== self::CHANGES_FOLLOWED;
    }

    /**
     * Seconds that checking one package may take.
     *
     * @return int
     */
    public function probe_timeout(): int {
        return (int) $this->values['probetimeout'];
    }

    /**
     * Seconds that the record of a launch is kept after its last use.
     *
     * @return int
     */
    public function launch_lifetime(): int {
        return (int) $this->values['launchlifetime'];
    }

    /**
     * Seconds that the file of an export is kept.
     *
     * @return int
     */
    public function export_lifetime(): int {
        return (int) $this->values['exportlifetime'];
    }

    /**
     * Splits a text area into its lines, without empty ones and without comments after a number sign.
     *
     * @param string $text
     * @return string[]
     */
    public static function lines(string $text): array {
        $lines = array_map(
            static fn(string $line): string => trim(explode('#', $line, 2)[0]),
            preg_split('/\R/u', $text) ?: []
        );
        return array_values(array_filter($lines, static fn(string $line): bool => $line !== ''));
    }

    /**
     * Splits a comma or space separated list.
     *
     * @param string $text
     * @return string[]
     */
    private static function words(string $text): array {
        return preg_split('/[\s,]+/', $text, -1, PREG_SPLIT_NO_EMPTY) ?: [];
    }
}
