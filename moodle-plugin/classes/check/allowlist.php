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

use local_externalscormbridge\config;
use local_externalscormbridge\diagnosis\check;
use local_externalscormbridge\diagnosis\finding;
use local_externalscormbridge\reason;

/**
 * Whether the list of allowed sources keeps anybody out.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class allowlist extends check {
    /** Domains under which everybody can have a host of their own. */
    private const SHARED = [
        'amazonaws.com', 'cloudfront.net', 'r2.dev', 'workers.dev', 'pages.dev', 'windows.net', 'azureedge.net', 'azurefd.net',
        'googleapis.com', 'appspot.com', 'web.app', 'firebaseapp.com', 'github.io', 'gitlab.io', 'netlify.app', 'vercel.app',
        'b-cdn.net', 'fastly.net', 'akamaized.net', 'digitaloceanspaces.com', 'backblazeb2.com', 'herokuapp.com',
    ];

    /** What countries divide their domains into: everybody can have a host under co.uk. */
    private const SECOND_LEVEL = ['ac', 'co', 'com', 'edu', 'go', 'gob', 'gov', 'gouv', 'ne', 'net', 'or', 'org'];

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
        $options = (new config())->policy_options();
        try {
            new \Scormbridge\UrlPolicy($options);
        } catch (\Scormbridge\Exception $e) {
            return finding::error(self::text('allowlist_invalid', reason::message($e)), self::text('allowlist_invalid_do'));
        }
        if ($options['allow'] === []) {
            return finding::warning(self::text('allowlist_empty'), self::text('allowlist_empty_do'));
        }
        $wide = array_values(array_filter($options['allow'], [self::class, 'is_wide']));
        return $wide === []
            ? finding::ok(self::text('allowlist_ok', count($options['allow'])))
            : finding::warning(self::text('allowlist_wide', implode(', ', $wide)), self::text('allowlist_wide_do'));
    }

    /**
     * Whether strangers can get hosts that a pattern lets in.
     *
     * @param string $pattern
     * @return bool
     */
    public static function is_wide(string $pattern): bool {
        if (!str_starts_with($pattern, '*.')) {
            return false;
        }
        $domain = strtolower(explode('/', explode(':', substr($pattern, 2), 2)[0], 2)[0]);
        $labels = explode('.', $domain);
        $istop = count($labels) === 1
            || count($labels) === 2 && strlen($labels[1]) === 2 && in_array($labels[0], self::SECOND_LEVEL, true);
        $isshared = array_filter(
            self::SHARED,
            static fn(string $shared): bool => $domain === $shared || str_ends_with($domain, ".{$shared}")
        );
        return $istop || $isshared !== [];
    }
}
