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

namespace local_externalscormbridge\diagnosis;

/**
 * What the plugin finds of the core, which holds all rules: whether it answers and which one it is.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class engine {
    /**
     * Whether it can be asked.
     *
     * @return bool
     */
    public static function is_there(): bool {
        return self::obstacle() === null;
    }

    /**
     * Whether it is the PHP extension, which goes before the local service.
     *
     * @return bool
     */
    public static function is_extension(): bool {
        return extension_loaded('scormbridge');
    }

    /**
     * Why it cannot be asked.
     *
     * @return \Scormbridge\Exception|null null if it can
     */
    public static function obstacle(): ?\Scormbridge\Exception {
        try {
            self::version();
            return null;
        } catch (\Scormbridge\Exception $e) {
            return $e;
        }
    }

    /**
     * Which one it is.
     *
     * @return array{version: string, protocol: int}
     */
    public static function version(): array {
        return \Scormbridge\version();
    }
}
