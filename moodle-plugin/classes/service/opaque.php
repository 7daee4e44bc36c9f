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

namespace local_externalscormbridge\service;

/**
 * What the extension's objects have by nature: they are not copied, not written anywhere, and show nothing of what they
 * hold, which may be keys.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
trait opaque {
    /**
     * Copies nothing.
     */
    private function __clone() {
    }

    /**
     * Writes nothing.
     *
     * @return array
     */
    public function __serialize(): array {
        throw new \Exception("Serialization of '" . self::class . "' is not allowed");
    }

    // phpcs:disable moodle.NamingConventions.ValidFunctionName.MagicLikeMethod -- PHP's own name for it.
    /**
     * Shows nothing.
     *
     * @return array
     */
    public function __debugInfo(): array {
        return [];
    }
}
