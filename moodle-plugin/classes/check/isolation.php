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
use local_externalscormbridge\diagnosis\own_host;

/**
 * Whether content on the content host is kept from learners' sessions: another host, no cookie of Moodle's, no page of
 * Moodle's.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class isolation extends check {
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
     * Looks.
     *
     * @return finding
     */
    protected function look(): finding {
        global $CFG;

        $site = (new config())->content_host();
        if ($site === null) {
            return finding::not_applicable(self::text('isolation_none'));
        }
        $host = strtolower((string) parse_url($site, PHP_URL_HOST));
        $own = strtolower((string) parse_url($CFG->wwwroot, PHP_URL_HOST));
        if ($host === $own) {
            return finding::critical(self::text('isolation_same', $host), self::text('isolation_same_do'));
        }
        $cookies = ltrim(strtolower((string) ($CFG->sessioncookiedomain ?? '')), '.');
        if ($cookies !== '' && ($host === $cookies || str_ends_with($host, ".{$cookies}"))) {
            $told = (object) ['host' => $host, 'domain' => $CFG->sessioncookiedomain];
            return finding::critical(self::text('isolation_cookie', $told), self::text('isolation_cookie_do'));
        }
        $page = $this->hosts->moodle_page($site);
        if ($page->status === 200 || $page->header('set-cookie') !== '') {
            return finding::error(self::text('isolation_pages', $site), self::text('isolation_pages_do'));
        }
        if ($page->status === 0) {
            return finding::info(self::text('isolation_silent', $site), self::text('isolation_silent_do'));
        }
        $shared = self::shared_domain($host, $own);
        return $shared === null
            ? finding::ok(self::text('isolation_ok', $host))
            : finding::info(self::text('isolation_domain', (object) ['host' => $host, 'domain' => $shared]));
    }

    /**
     * The domain that two hosts have in common: content can set cookies there that Moodle gets.
     *
     * @param string $one
     * @param string $other
     * @return string|null null if there is none, or only a top level
     */
    public static function shared_domain(string $one, string $other): ?string {
        if (filter_var(trim($one, '[]'), FILTER_VALIDATE_IP) || filter_var(trim($other, '[]'), FILTER_VALIDATE_IP)) {
            return null;
        }
        $common = [];
        $labels = array_reverse(explode('.', $other));
        foreach (array_reverse(explode('.', $one)) as $index => $label) {
            if (($labels[$index] ?? null) !== $label) {
                break;
            }
            array_unshift($common, $label);
        }
        return count($common) < 2 ? null : implode('.', $common);
    }
}
