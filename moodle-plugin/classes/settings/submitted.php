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

namespace local_externalscormbridge\settings;

use local_externalscormbridge\config;

/**
 * Settings as they will be once the page that is being saved is saved.
 *
 * Moodle validates and stores one setting of a page after the other. Where a rule takes two of them, what is stored of
 * the second may be about to change by the same click.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class submitted {
    /**
     * Whether development mode will be on.
     *
     * @return bool
     */
    public static function development(): bool {
        $name = 's_' . config::COMPONENT . '_devmode';
        $submitted = data_submitted();
        // A search of the settings shows, and submits, only those that it found.
        return isset($submitted->$name) ? (bool) $submitted->$name : (new config())->development();
    }
}
