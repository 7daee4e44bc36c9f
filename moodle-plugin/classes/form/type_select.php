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

use local_externalscormbridge\config;

/**
 * The package type of a SCORM activity with "CDN URL" among its choices.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class type_select extends \MoodleQuickForm_select {
    /** @var string|null the URL to store, empty to leave the stored package alone, null before validation */
    private ?string $accepted = null;

    /**
     * Takes the place of mod_scorm's own element: a list, or a hidden field where only uploads are allowed.
     *
     * @param \HTML_QuickForm_element $element
     * @return self
     */
    public static function in_place_of(\HTML_QuickForm_element $element): self {
        $select = new self('scormtype', get_string('scormtype', 'scorm'));
        if ($element instanceof \MoodleQuickForm_select) {
            foreach ($element->_options as $option) {
                $select->addOption($option['text'], $option['attr']['value']);
            }
        } else {
            $select->addOption(get_string('typelocal', 'scorm'), SCORM_TYPE_LOCAL);
        }
        $select->addOption(get_string('typecdnurl', config::COMPONENT), package_fields::TYPE);
        return $select;
    }

    /**
     * Makes the element export what mod_scorm understands.
     *
     * @param string $url the URL as entered
     * @param bool $install whether the package is to be stored
     */
    public function hand_on(string $url, bool $install): void {
        $this->accepted = $install ? $url : '';
    }

    /**
     * What the form hands on: the type as chosen while it is being validated, an external package with the accepted URL
     * beside it afterwards.
     *
     * @param array $submitvalues
     * @param bool $assoc
     * @return mixed
     */
    public function exportValue(&$submitvalues, $assoc = false) { // phpcs:ignore moodle.NamingConventions.ValidFunctionName
        $value = parent::exportValue($submitvalues);
        if ($this->accepted === null || $value !== package_fields::TYPE) {
            return $this->_prepareValue($value, $assoc);
        }
        $exported = $this->_prepareValue(SCORM_TYPE_EXTERNAL, $assoc);
        return $assoc ? $exported + [package_fields::ACCEPTED => $this->accepted] : $exported;
    }
}
