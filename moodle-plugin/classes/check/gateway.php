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

use local_externalscormbridge\diagnosis\answer;
use local_externalscormbridge\diagnosis\check;
use local_externalscormbridge\diagnosis\finding;
use local_externalscormbridge\diagnosis\own_host;
use local_externalscormbridge\package\prober;

/**
 * Whether content.php answers under one of the site's addresses, with the whole file and the headers that keep content
 * apart.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
abstract class gateway extends check {
    /**
     * Constructor.
     *
     * @param own_host $hosts
     */
    public function __construct(
        /** @var own_host asks the site's own hosts */
        protected readonly own_host $hosts = new own_host()
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
     * Asks and judges.
     *
     * @param string $site address, without a trailing slash
     * @param string $mode host or sandbox
     * @return finding
     */
    protected function judge(string $site, string $mode): finding {
        $answer = $this->hosts->content($site, $mode);
        if ($answer->status !== 200) {
            return $this->refused($site, $answer);
        }
        $missing = self::missing($answer, $mode);
        if ($missing !== []) {
            $told = (object) ['site' => $site, 'headers' => implode(', ', $missing)];
            return finding::critical(self::text('gateway_headers', $told), self::text('gateway_headers_do'));
        }
        if ($answer->header('content-encoding') !== '' || (int) $answer->header('content-length') !== strlen($answer->body)) {
            return finding::warning(self::text('gateway_changed', $site), self::text('gateway_changed_do'));
        }
        return finding::ok(self::text('gateway_ok', $site));
    }

    /**
     * Why there was no file.
     *
     * @param string $site
     * @param answer $answer
     * @return finding
     */
    private function refused(string $site, answer $answer): finding {
        $told = (object) [
            'site' => $site,
            'status' => $answer->status,
            'error' => $answer->error,
            'location' => $answer->header('location'),
            'text' => \core_text::substr(trim($answer->body), 0, 200),
        ];
        if ($answer->status === 0) {
            return finding::error(self::text('gateway_silent', $told), self::text('gateway_silent_do'));
        }
        if ($answer->header('location') !== '') {
            return finding::error(self::text('gateway_redirect', $told), self::text('gateway_redirect_do'));
        }
        if (!str_contains($answer->header('content-security-policy'), 'sandbox')) {
            // It was not content.php that answered.
            return finding::error(self::text('gateway_path', $told), self::text('gateway_path_do'));
        }
        return finding::error(self::text('gateway_refused', $told), self::text('gateway_refused_do'));
    }

    /**
     * Which of the headers that content relies on did not arrive as the gateway sends them.
     *
     * @param answer $answer
     * @param string $mode
     * @return string[] names
     */
    private static function missing(answer $answer, string $mode): array {
        $policy = $answer->header('content-security-policy');
        $fits = [
            'Content-Security-Policy' => $mode === 'sandbox'
                ? str_starts_with($policy, 'sandbox allow-scripts') && !str_contains($policy, 'allow-same-origin')
                : str_contains($policy, 'frame-ancestors ') && str_contains($policy, prober::lms_origin()),
            'X-Content-Type-Options' => $answer->header('x-content-type-options') === 'nosniff',
            'Permissions-Policy' => str_contains($answer->header('permissions-policy'), 'unload=*'),
            // A proxy that adds its own would forbid every frame.
            'X-Frame-Options' => $answer->header('x-frame-options') === '',
            'Set-Cookie' => $answer->header('set-cookie') === '',
        ];
        return array_keys(array_filter($fits, static fn(bool $fit): bool => !$fit));
    }
}
