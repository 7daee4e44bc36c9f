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
use local_externalscormbridge\report\answers;

/**
 * The sheet of objectives, one to a row.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class objectives extends tracked {
    #[\Override]
    public function columns(): array {
        return self::headings([
            'number' => 'export_number',
            'id' => 'report_objective',
            'description' => 'export_description',
            'status' => 'report_status',
            'completion' => 'report_completion',
            'progress' => 'report_progress',
            'raw' => 'report_score',
            'min' => 'export_scoremin',
            'max' => 'export_scoremax',
            'scaled' => 'export_scorescaled',
        ]);
    }

    #[\Override]
    public function rows(sco_attempt $of): iterable {
        foreach (answers::of(self::opened(self::store($of)), 'objectives', PHP_INT_MAX) as $number => $objective) {
            yield [
                'number' => (string) ($number + 1),
                'id' => $objective['id'] ?? '',
                'description' => $objective['description'] ?? '',
                'status' => $objective['success_status'] ?? $objective['status'] ?? '',
                'completion' => $objective['completion_status'] ?? '',
                'progress' => $objective['progress_measure'] ?? '',
                'raw' => $objective['score.raw'] ?? '',
                'min' => $objective['score.min'] ?? '',
                'max' => $objective['score.max'] ?? '',
                'scaled' => $objective['score.scaled'] ?? '',
            ];
        }
    }
}
