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
 * A whole number with a smallest and a largest value.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class bounded_number extends \admin_setting_configtext {
    /**
     * Constructor.
     *
     * @param string $name
     * @param \lang_string $title
     * @param \lang_string $description
     * @param string $default
     * @param int $minimum smallest value taken
     * @param int $maximum largest value taken
     */
    public function __construct(
        string $name,
        \lang_string $title,
        \lang_string $description,
        string $default,
        /** @var int smallest value taken */
        private int $minimum,
        /** @var int largest value taken */
        private int $maximum
    ) {
        parent::__construct($name, $title, $description, $default, PARAM_INT, 8);
    }

    /**
     * Says the bounds when they are missed.
     *
     * @param string $data
     * @return true|string true, or the message
     */
    public function validate($data) {
        $range = ['min_range' => $this->minimum, 'max_range' => $this->maximum];
        if (filter_var($data, FILTER_VALIDATE_INT, ['options' => $range]) === false) {
            return get_string('number_invalid', config::COMPONENT, (object) [
                'minimum' => $this->minimum,
                'maximum' => $this->maximum,
            ]);
        }
        return parent::validate($data);
    }
}
