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

namespace local_externalscormbridge\check;

use local_externalscormbridge\config;
use local_externalscormbridge\diagnosis\check;
use local_externalscormbridge\diagnosis\finding;
use local_externalscormbridge\package\store;

/**
 * Whether packages are still where they were.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class packages extends check {
    /** Packages that are named. */
    private const NAMED = 5;

    /**
     * Looks.
     *
     * @return finding
     */
    protected function look(): finding {
        $count = store::count();
        if ($count === 0) {
            return finding::info(self::text('packages_none'));
        }
        $failing = store::failing(self::NAMED);
        if ($failing['count'] > 0) {
            $named = array_map(
                static fn(\stdClass $row): string => "{$row->course}: {$row->name} ({$row->checkreason})",
                $failing['rows']
            );
            $summary = self::text('packages_failing', (object) ['failing' => $failing['count'], 'count' => $count]);
            return finding::warning($summary, implode('; ', $named), self::text('packages_failing_do'));
        }
        $since = time() - 2 * (new config())->check_interval() - DAYSECS;
        $old = count(store::due($since, self::NAMED));
        return $old > 0
            ? finding::warning(self::text('packages_old', userdate($since)), self::text('packages_old_do'))
            : finding::ok(self::text('packages_ok', $count));
    }
}
