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
use local_externalscormbridge\reason;

/**
 * The list of hosts that packages may come from, one pattern to a line.
 *
 * Every pattern is tried on the extension's own policy, so that a list that would be refused at the first launch is
 * refused here already.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class allowlist extends \admin_setting_configtextarea {
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
     * Says which pattern is wrong and why, in plain text: Moodle escapes what it shows beside a setting.
     *
     * @param string $data
     * @return true|string true, or the message
     */
    public function validate($data) {
        foreach (config::lines((string) $data) as $pattern) {
            try {
                new \Scormbridge\UrlPolicy(['allow' => [$pattern]] + (new config())->policy_options());
            } catch (\Scormbridge\Exception $e) {
                return get_string('allowlist_invalid', config::COMPONENT, (object) [
                    'pattern' => $pattern,
                    'reason' => reason::message($e),
                ]);
            }
        }
        return parent::validate($data);
    }
}
