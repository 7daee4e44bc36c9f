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
 * Turns the reason codes of the extension into words a person can act on.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class reason {
    /**
     * The message for one error of the extension, in the user's language where the code is known, else as the extension
     * says it.
     *
     * @param \Scormbridge\Exception $e
     * @return string plain text, which may quote what a stranger wrote: escape it where HTML is expected
     */
    public static function message(\Scormbridge\Exception $e): string {
        return self::text($e->reason, $e->details, $e->getMessage());
    }

    /**
     * The message for a reason code.
     *
     * @param string $reason stable code of the extension, such as url_scheme
     * @param array $details values for the placeholders of the message
     * @param string $fallback English text where the code has no string
     * @return string plain text
     */
    public static function text(string $reason, array $details = [], string $fallback = ''): string {
        $name = "error_{$reason}";
        if (get_string_manager()->string_exists($name, config::COMPONENT)) {
            return get_string($name, config::COMPONENT, (object) $details);
        }
        return get_string('error_generic', config::COMPONENT, $fallback === '' ? $reason : $fallback);
    }
}
