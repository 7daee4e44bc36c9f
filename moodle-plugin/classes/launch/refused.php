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

namespace local_externalscormbridge\launch;

use local_externalscormbridge\config;
use local_externalscormbridge\reason;

/**
 * A launch or a commit that the rules do not allow.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class refused extends \moodle_exception {
    /**
     * Constructor.
     *
     * @param string $reason stable code
     * @param string|null $text what to tell the learner, where another component has the words
     * @param array $details values for the placeholders of the message
     */
    public function __construct(
        /** @var string stable code */
        public readonly string $reason,
        ?string $text = null,
        array $details = []
    ) {
        parent::__construct('error_generic', config::COMPONENT, '', $text ?? reason::text($reason, $details));
        // The code is for programs: it stays the reason's even where a language pack has no words for it.
        $this->errorcode = "error_{$reason}";
    }
}
