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
 * A list of port numbers.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class ports extends \admin_setting_configtext {
    /**
     * Constructor.
     *
     * @param string $name
     * @param \lang_string $title
     * @param \lang_string $description
     * @param string $default
     */
    public function __construct(string $name, \lang_string $title, \lang_string $description, string $default) {
        parent::__construct($name, $title, $description, $default, PARAM_RAW_TRIMMED);
    }

    /**
     * Only whole numbers from 1 to 65535.
     *
     * @param string $data
     * @return true|string true, or the message
     */
    public function validate($data) {
        foreach (preg_split('/[\s,]+/', (string) $data, -1, PREG_SPLIT_NO_EMPTY) as $port) {
            if (!ctype_digit($port) || strlen($port) > 5 || (int) $port < 1 || (int) $port > 65535) {
                return get_string('ports_invalid', config::COMPONENT, $port);
            }
        }
        return parent::validate($data);
    }
}
