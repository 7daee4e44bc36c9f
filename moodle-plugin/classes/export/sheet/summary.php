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

namespace local_externalscormbridge\export\sheet;

use local_externalscormbridge\history\sco_attempt;
use local_externalscormbridge\report\outcome;

/**
 * The sheet that says the same as the live report.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class summary extends tracked {
    #[\Override]
    public function columns(): array {
        return self::headings([
            'status' => 'report_status',
            'score' => 'report_score',
            'progress' => 'report_progress',
            'time' => 'report_time',
            'changed' => 'export_changed',
        ]);
    }

    /**
     * As in the live report, what cannot be played is left out; what nobody has begun is not.
     *
     * @return bool
     */
    #[\Override]
    public function wants_all_scoes(): bool {
        return false;
    }

    #[\Override]
    public function rows(sco_attempt $of): iterable {
        $store = self::store($of);
        $outcome = new outcome($store->read());
        yield [
            'status' => get_string($outcome->status(), 'mod_scorm'),
            'score' => $outcome->score(),
            'progress' => $outcome->progress(),
            'time' => $outcome->time(),
            'changed' => self::time(max([0, ...array_values($store->times())])),
        ];
    }
}
