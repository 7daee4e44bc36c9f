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
 * The second address under which this same Moodle answers, for content alone.
 *
 * It must be another host than Moodle's own: content on Moodle's host would run with the learner's session.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class content_host extends \admin_setting_configtext {
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
     * An address of a host, https, and not Moodle's own.
     *
     * @param string $data
     * @return true|string true, or the message
     */
    public function validate($data) {
        global $CFG;

        $data = rtrim((string) $data, '/');
        if ($data === '') {
            return true;
        }
        $parts = parse_url($data);
        if (
            !is_array($parts) || array_diff_key($parts, ['scheme' => 1, 'host' => 1, 'port' => 1, 'path' => 1])
            || !in_array(strtolower($parts['scheme'] ?? ''), ['https', 'http'], true) || empty($parts['host'])
            || preg_match('/[^!-~]/', $data)
        ) {
            return get_string('contenthost_invalid', config::COMPONENT);
        }
        if (strtolower($parts['scheme']) !== 'https' && !submitted::development()) {
            return get_string('contenthost_http', config::COMPONENT);
        }
        if (strcasecmp($parts['host'], parse_url($CFG->wwwroot, PHP_URL_HOST)) === 0) {
            return get_string('contenthost_same', config::COMPONENT);
        }
        return parent::validate($data);
    }
}
