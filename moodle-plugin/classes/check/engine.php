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
use local_externalscormbridge\diagnosis\engine as core_engine;
use local_externalscormbridge\diagnosis\finding;
use local_externalscormbridge\launch\player_config;
use local_externalscormbridge\reason;

/**
 * Whether the core answers and fits the plugin: the PHP extension, or the local service.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class engine extends check {
    /**
     * Looks.
     *
     * @return finding
     */
    protected function look(): finding {
        $obstacle = core_engine::obstacle();
        if ($obstacle !== null) {
            $running = (object) [
                'php' => PHP_MAJOR_VERSION . '.' . PHP_MINOR_VERSION,
                'sapi' => PHP_SAPI,
                'reason' => reason::message($obstacle),
            ];
            return finding::critical(self::text('engine_missing', $running), self::text('engine_missing_do', $running));
        }
        return self::judge(core_engine::version(), self::release());
    }

    /**
     * Compares what is there with what the plugin wants. Versions that differ in their last number alone fit.
     *
     * @param array{version: string, protocol: int} $found
     * @param string $release of the plugin
     * @return finding
     */
    public static function judge(array $found, string $release): finding {
        $told = (object) ($found + ['release' => $release, 'wanted' => player_config::PROTOCOL]);
        if ($found['protocol'] !== player_config::PROTOCOL) {
            return finding::error(self::text('engine_protocol', $told), self::text('engine_update'));
        }
        $series = static fn(string $version): array => array_slice(explode('.', $version), 0, 2);
        if ($series($found['version']) !== $series($release)) {
            return finding::warning(self::text('engine_version', $told), self::text('engine_update'));
        }
        return finding::ok(self::text(core_engine::is_extension() ? 'engine_ok' : 'engine_ok_service', $told));
    }

    /**
     * The plugin's release.
     *
     * @return string
     */
    private static function release(): string {
        return (string) \core_plugin_manager::instance()->get_plugin_info(config::COMPONENT)->release;
    }
}
