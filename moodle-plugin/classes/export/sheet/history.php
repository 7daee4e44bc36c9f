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

use local_externalscormbridge\config;
use local_externalscormbridge\history\batch;
use local_externalscormbridge\history\sco_attempt;
use local_externalscormbridge\history\store;

/**
 * The sheet of everything that content reported, a call to a row.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class history extends tracked {
    #[\Override]
    public function columns(): array {
        return self::headings([
            'launch' => 'export_launch',
            'seq' => 'export_number',
            'at' => 'export_time',
            'call' => 'export_call',
            'element' => 'export_element',
            'value' => 'export_value',
            'accepted' => 'export_accepted',
        ]);
    }

    #[\Override]
    public function rows(sco_attempt $of): iterable {
        foreach (store::read_all($of) as $launchid => $batch) {
            if ($batch instanceof batch) {
                foreach (self::calls($batch) as $call) {
                    yield ['launch' => (string) $launchid] + $call;
                }
                continue;
            }
            // The others are told all the same.
            $value = get_string('export_unreadable', config::COMPONENT);
            yield ['launch' => (string) $launchid, 'value' => $value] + array_fill_keys(array_keys($this->columns()), '');
        }
    }

    /**
     * The rows of a batch: what was there before the history began, what a new beginning emptied, and the calls.
     *
     * @param batch $batch
     * @return \Generator
     */
    private static function calls(batch $batch): \Generator {
        $none = ['seq' => '', 'at' => '', 'call' => '', 'element' => '', 'value' => '', 'accepted' => ''];
        foreach ($batch->before ?? [] as $element => $value) {
            yield ['call' => 'before', 'element' => $element, 'value' => $value] + $none;
        }
        foreach ($batch->cleared as $element) {
            yield ['call' => 'cleared', 'element' => $element] + $none;
        }
        foreach ([[$batch->entries, get_string('yes')], [$batch->refused, get_string('no')]] as [$entries, $accepted]) {
            foreach ($entries as $entry) {
                $at = (int) $entry['at'];
                yield [
                    'seq' => (string) $entry['seq'],
                    'at' => self::time(intdiv($at, 1000)) . sprintf('.%03d', $at % 1000),
                    'call' => $entry['op'],
                    'element' => $entry['element'] ?? '',
                    'value' => $entry['value'] ?? '',
                    'accepted' => $accepted,
                ] + $none;
            }
        }
    }
}
