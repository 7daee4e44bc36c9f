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

use core\check\result;

/**
 * What a check has found: how bad it is, one sentence of what is so, and what to do about it.
 *
 * Plain text throughout. It may quote a setting or an error, so whoever shows it escapes it.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class finding {
    /**
     * Constructor.
     *
     * @param string $status one of the constants of \core\check\result
     * @param string $summary what is so
     * @param string[] $advice what to do, a paragraph each
     */
    private function __construct(
        /** @var string one of the constants of \core\check\result */
        public readonly string $status,
        /** @var string what is so */
        public readonly string $summary,
        /** @var string[] what to do, a paragraph each */
        public readonly array $advice
    ) {
    }

    /**
     * There is nothing to look at.
     *
     * @param string $summary
     * @return self
     */
    public static function not_applicable(string $summary): self {
        return new self(result::NA, $summary, []);
    }

    /**
     * All is well.
     *
     * @param string $summary
     * @return self
     */
    public static function ok(string $summary): self {
        return new self(result::OK, $summary, []);
    }

    /**
     * Worth knowing.
     *
     * @param string $summary
     * @param string ...$advice
     * @return self
     */
    public static function info(string $summary, string ...$advice): self {
        return new self(result::INFO, $summary, $advice);
    }

    /**
     * Not as it should be.
     *
     * @param string $summary
     * @param string ...$advice
     * @return self
     */
    public static function warning(string $summary, string ...$advice): self {
        return new self(result::WARNING, $summary, $advice);
    }

    /**
     * Something does not work.
     *
     * @param string $summary
     * @param string ...$advice
     * @return self
     */
    public static function error(string $summary, string ...$advice): self {
        return new self(result::ERROR, $summary, $advice);
    }

    /**
     * Nothing works, or the site is open to attack.
     *
     * @param string $summary
     * @param string ...$advice
     * @return self
     */
    public static function critical(string $summary, string ...$advice): self {
        return new self(result::CRITICAL, $summary, $advice);
    }

    /**
     * The same for Moodle's own reports, which show it as HTML.
     *
     * @return result
     */
    public function result(): result {
        $details = array_map(static fn(string $text): string => \html_writer::tag('p', s($text)), $this->advice);
        return new result($this->status, s($this->summary), implode('', $details));
    }
}
