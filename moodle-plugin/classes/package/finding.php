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

namespace local_externalscormbridge\package;

/**
 * What came out of looking at a package on its CDN.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class finding {
    /** It is what it was. */
    public const UNCHANGED = 'unchanged';

    /** It had changed, and the activity follows it now. */
    public const TAKEN = 'taken';

    /** It has changed, and somebody must look at it first. */
    public const WAITING = 'waiting';

    /** It could not be found or read; the activity stays as it was. */
    public const FAILED = 'failed';

    /**
     * Constructor.
     *
     * @param string $outcome
     * @param package $package
     * @param difference|null $difference
     */
    public function __construct(
        /** @var string one of the constants */
        public readonly string $outcome,
        /** @var package what the activity plays by now */
        public readonly package $package,
        /** @var difference|null where the package has changed */
        public readonly ?difference $difference = null
    ) {
    }
}
