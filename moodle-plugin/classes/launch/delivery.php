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
use local_externalscormbridge\keyring;
use local_externalscormbridge\origin;
use local_externalscormbridge\package\package;
use local_externalscormbridge\package\prober;
use local_externalscormbridge\reason;

/**
 * How the content of one package reaches the learner's browser: by which way, from which address.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class delivery {
    /** Seconds that tickets are rounded to: launches of half a day share their URLs, and so the browser's cache. */
    private const ROUNDING = 12 * HOURSECS;

    /**
     * Constructor.
     *
     * @param string $mode direct, host or sandbox
     * @param string $base folder of the package as the browser sees it, ending in a slash
     */
    private function __construct(
        /** @var string direct, host or sandbox */
        public readonly string $mode,
        /** @var string folder of the package as the browser sees it, ending in a slash */
        public readonly string $base
    ) {
    }

    /**
     * The first way that the site wants, can offer and the package can use.
     *
     * @param package $package
     * @param config $config
     * @param int $now
     * @return self|null null if there is none
     */
    public static function choose(package $package, config $config, int $now): ?self {
        $mode = self::mode($package, $config);
        return $mode === null ? null : self::by($mode, $package, $config, self::expiry($now));
    }

    /**
     * One way, whatever the site wants. The caller knows that site and package can use it.
     *
     * @param string $mode direct, host or sandbox
     * @param package $package
     * @param config $config
     * @param int $expiry when its ticket expires
     * @return self
     */
    public static function by(string $mode, package $package, config $config, int $expiry): self {
        return new self($mode, self::base($mode, $package, $config, $expiry));
    }

    /**
     * The same, by its wire name alone.
     *
     * @param package $package
     * @param config $config
     * @return string|null null if there is none
     */
    public static function mode(package $package, config $config): ?string {
        foreach ($config->delivery_order() as $mode) {
            if ($mode === 'host' && $config->content_host() === null) {
                continue;
            }
            if (!empty($package->delivery[$mode]['usable'])) {
                return $mode;
            }
        }
        return null;
    }

    /**
     * Why the ways that the site wants more than the one it gets are closed to a package, in words.
     *
     * @param package $package
     * @param config $config
     * @return string
     */
    public static function obstacles(package $package, config $config): string {
        $sentences = [];
        $chosen = self::mode($package, $config);
        foreach ($config->delivery_order() as $mode) {
            if ($mode === $chosen) {
                break;
            }
            $sentences[] = get_string('obstacle', config::COMPONENT, (object) [
                'mode' => get_string("delivery_{$mode}", config::COMPONENT),
                'reason' => self::obstacle($mode, $package, $config),
            ]);
        }
        return implode(' ', $sentences);
    }

    /**
     * Why one way is closed to a package, whatever the site wants, in words.
     *
     * @param string $mode
     * @param package $package
     * @param config $config
     * @return string|null null if it is open
     */
    public static function obstacle(string $mode, package $package, config $config): ?string {
        $found = $mode === 'host' && $config->content_host() === null
            ? ['reason' => 'no_content_host']
            : $package->delivery[$mode] ?? [];
        return empty($found['usable'])
            ? reason::text('delivery_' . ($found['reason'] ?? 'unknown'), $found['details'] ?? [])
            : null;
    }

    /**
     * The folder of a package as the browser sees it.
     *
     * @param string $mode
     * @param package $package
     * @param config $config
     * @param int $expiry when its ticket expires
     * @return string
     */
    private static function base(string $mode, package $package, config $config, int $expiry): string {
        global $CFG;

        if ($mode === 'direct') {
            return $package->baseurl;
        }
        $site = $mode === 'host' ? $config->content_host() : $CFG->wwwroot;
        $ring = keyring::load(keyring::TICKETS);
        $ticket = (new \Scormbridge\Tickets($ring['keys'], $ring['current']))->issue([
            'scope' => 'content',
            'exp' => $expiry,
            // Not always wwwroot: see content_request, which asks for whom it is.
            'aud' => $site,
            'base' => $package->baseurl,
            'mode' => $mode,
            'lms' => prober::lms_origin(),
        ]);
        return "{$site}/local/externalscormbridge/content.php/{$ticket}/";
    }

    /**
     * When a ticket issued now expires: at least half a day from now, at most a whole one.
     *
     * @param int $now
     * @return int
     */
    public static function expiry(int $now): int {
        return (intdiv($now, self::ROUNDING) + 2) * self::ROUNDING;
    }

    /**
     * What the player's frame loads.
     *
     * @param string $scourl launch URL of the SCO by this delivery
     * @return string
     */
    public function frame_url(string $scourl): string {
        return $this->mode === 'sandbox' ? $scourl : "{$this->base}scormbridge/relay.html";
    }

    /**
     * The origin that the frame's messages come from.
     *
     * @return string "null" for an opaque one
     */
    public function frame_origin(): string {
        return $this->mode === 'sandbox' ? 'null' : $this->site_origin();
    }

    /**
     * The origin that the frame loads from, for the page's own content security policy.
     *
     * @return string
     */
    public function site_origin(): string {
        return origin::of($this->base);
    }
}
