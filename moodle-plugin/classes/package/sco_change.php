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
 * What a new manifest changes about one SCO, or about a chapter that holds SCOs together.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class sco_change {
    /** It is new. */
    public const ADDED = 'added';

    /** It is gone. */
    public const REMOVED = 'removed';

    /** It stays and is described differently. */
    public const CHANGED = 'changed';

    /** The one aspect of a SCO that learners' results do not depend on. */
    public const TITLE = 'title';

    /**
     * Constructor.
     *
     * @param string $kind
     * @param string $identifier
     * @param string $title
     * @param int|null $scoid
     * @param array $aspects
     */
    public function __construct(
        /** @var string one of the constants */
        public readonly string $kind,
        /** @var string identifier of the SCO in the manifest */
        public readonly string $identifier,
        /** @var string its title: the new one, unless it is gone */
        public readonly string $title,
        /** @var int|null its id, where it is stored */
        public readonly ?int $scoid,
        /** @var array<string, string[]|null> by aspect what was and what is, as text; null where that would say little */
        public readonly array $aspects = []
    ) {
    }

    /**
     * Whether what learners have done so far may no longer fit.
     *
     * @return bool
     */
    public function is_structural(): bool {
        return $this->kind !== self::CHANGED || array_diff_key($this->aspects, [self::TITLE => true]) !== [];
    }
}
