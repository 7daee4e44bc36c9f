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

/**
 * Whether PHP's own settings let batches in and files out.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class php extends check {
    /** Bytes that a request may need: a batch of 1,000,000 bytes, as JSON within JSON. */
    private const POST = 2 * 1024 * 1024;

    /**
     * Looks.
     *
     * @return finding
     */
    protected function look(): finding {
        if (PHP_SAPI === 'cli') {
            return finding::not_applicable(self::text('php_cli'));
        }
        return self::judge(...array_map(
            static fn(string $name): string => (string) ini_get($name),
            ['post_max_size', 'zlib.output_compression', 'output_handler']
        ));
    }

    /**
     * Judges settings.
     *
     * @param string $post post_max_size
     * @param string $compression zlib.output_compression
     * @param string $handler output_handler
     * @return finding
     */
    public static function judge(string $post, string $compression, string $handler): finding {
        $bytes = get_real_size($post);
        if ($bytes > 0 && $bytes < self::POST) {
            return finding::warning(self::text('php_post', $post), self::text('php_post_do'));
        }
        $filters = array_keys(array_filter([
            'zlib.output_compression' => !in_array(strtolower($compression), ['', '0', 'off'], true),
            'output_handler' => $handler !== '',
        ]));
        return $filters === []
            ? finding::ok(self::text('php_ok'))
            : finding::warning(self::text('php_filters', implode(', ', $filters)), self::text('php_filters_do'));
    }
}
