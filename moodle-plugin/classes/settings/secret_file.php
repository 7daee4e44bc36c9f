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
use local_externalscormbridge\service\address;

/**
 * The file with the secret that this site shares with the local service.
 *
 * A file and not the secret itself: the page that delivers content has no database to look into, and a database dump
 * should not open the service.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class secret_file extends \admin_setting_configtext {
    /**
     * Constructor.
     *
     * @param string $name
     * @param \lang_string $title
     * @param \lang_string $description
     * @param string $default
     */
    public function __construct(string $name, \lang_string $title, \lang_string $description, string $default) {
        parent::__construct($name, $title, $description, $default, PARAM_RAW_TRIMMED, 60);
    }

    /**
     * Only a file that holds a secret and can be read.
     *
     * @param string $data
     * @return true|string true, or the message
     */
    public function validate($data) {
        $data = (string) $data;
        return $data === '' || address::secret($data) !== null
            ? true
            : get_string('error_service_secret_file', config::COMPONENT);
    }
}
