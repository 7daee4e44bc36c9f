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
 * The sheet of answers, an interaction to a row.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class interactions extends tracked {
    #[\Override]
    public function columns(): array {
        return self::headings([
            'number' => 'export_number',
            'id' => 'report_interaction',
            'description' => 'export_question',
            'type' => 'report_type',
            'response' => 'report_response',
            'correct' => 'report_correct',
            'result' => 'report_result',
            'weighting' => 'export_weighting',
            'latency' => 'export_latency',
            'timestamp' => 'export_time',
        ]);
    }

    #[\Override]
    public function rows(sco_attempt $of): iterable {
        foreach (answers::of(self::opened(self::store($of)), 'interactions', PHP_INT_MAX) as $number => $interaction) {
            yield [
                'number' => (string) ($number + 1),
                'id' => $interaction['id'] ?? '',
                'description' => $interaction['description'] ?? '',
                'type' => $interaction['type'] ?? '',
                'response' => $interaction['learner_response'] ?? '',
                'correct' => implode("\n", answers::correct($interaction)),
                'result' => $interaction['result'] ?? '',
                'weighting' => $interaction['weighting'] ?? '',
                'latency' => $interaction['latency'] ?? '',
                'timestamp' => $interaction['timestamp'] ?? '',
            ];
        }
    }
}
