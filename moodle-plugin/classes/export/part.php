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

namespace local_externalscormbridge\export;

use local_externalscormbridge\config;

/**
 * What an export can hold. Each is a sheet.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
enum part: string {
    // Status, score, progress and time.
    case SUMMARY = 'summary';

    // Every stored value as it is, suspend data and comments among them.
    case VALUES = 'values';

    // What learners answered.
    case INTERACTIONS = 'interactions';

    // What learners reached.
    case OBJECTIVES = 'objectives';

    // Every call that content made.
    case HISTORY = 'history';

    /**
     * Name for people.
     *
     * @return string
     */
    public function label(): string {
        return get_string("export_part_{$this->value}", config::COMPONENT);
    }

    /**
     * The sheet that holds it.
     *
     * @return sheet
     */
    public function sheet(): sheet {
        return match ($this) {
            self::SUMMARY => new sheet\summary(),
            self::VALUES => new sheet\values(),
            self::INTERACTIONS => new sheet\interactions(),
            self::OBJECTIVES => new sheet\objectives(),
            self::HISTORY => new sheet\history(),
        };
    }

    /**
     * Parts from their names.
     *
     * @param string[] $names
     * @return self[] in the order of an export; unknown names are left out
     */
    public static function named(array $names): array {
        return array_values(array_filter(self::cases(), static fn(self $part): bool => in_array($part->value, $names, true)));
    }
}
