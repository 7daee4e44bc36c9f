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

use local_externalscormbridge\diagnosis\check;
use local_externalscormbridge\diagnosis\finding;
use local_externalscormbridge\task\verify_history;

/**
 * Whether the history of attempts gives what is stored of them, as it was when it was last looked at.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class history extends check {
    /**
     * Looks.
     *
     * @return finding
     */
    protected function look(): finding {
        $last = verify_history::last_pass();
        if ($last === null) {
            return finding::info(self::text('history_never'));
        }
        $told = (object) ['time' => userdate($last['time']), 'checked' => $last['checked'], 'different' => $last['different']];
        return $last['different'] > 0
            ? finding::warning(self::text('history_differs', $told), self::text('history_differs_do'))
            : finding::ok(self::text('history_ok', $told));
    }
}
