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

namespace local_externalscormbridge\form;

/**
 * The URL of a package. mod_scorm keeps at most 255 characters of it, so once a CDN URL is accepted the element exports
 * the reference that fits; the URL itself goes to the plugin's own table.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class url_text extends \MoodleQuickForm_text {
    /** @var string|null what mod_scorm shall store, null before validation */
    private ?string $reference = null;

    /**
     * Makes the element export what mod_scorm can store.
     *
     * @param string $reference
     */
    public function hand_on(string $reference): void {
        $this->reference = $reference;
    }

    /**
     * What the form hands on.
     *
     * @param array $submitvalues
     * @param bool $assoc
     * @return mixed
     */
    public function exportValue(&$submitvalues, $assoc = false) { // phpcs:ignore moodle.NamingConventions.ValidFunctionName
        if ($this->reference === null) {
            return parent::exportValue($submitvalues, $assoc);
        }
        return $this->_prepareValue($this->reference, $assoc);
    }
}
