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

namespace local_externalscormbridge\diagnosis;

/**
 * What one of the site's own hosts has answered to the site itself.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class answer {
    /**
     * Constructor.
     *
     * @param int $status HTTP status, 0 if there was no answer
     * @param array<string, string> $headers by lower-case name
     * @param string $body
     * @param string $error why there was no answer
     */
    public function __construct(
        /** @var int HTTP status, 0 if there was no answer */
        public readonly int $status,
        /** @var array<string, string> by lower-case name */
        public readonly array $headers = [],
        /** @var string the body */
        public readonly string $body = '',
        /** @var string why there was no answer */
        public readonly string $error = ''
    ) {
    }

    /**
     * A header.
     *
     * @param string $name in lower case
     * @return string empty if it is missing
     */
    public function header(string $name): string {
        return $this->headers[$name] ?? '';
    }
}
