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

namespace local_externalscormbridge\task;

use local_externalscormbridge\config;
use local_externalscormbridge\package\finding;
use local_externalscormbridge\package\refresher;
use local_externalscormbridge\package\store;

/**
 * Looks on their CDNs whether packages have changed.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class check_packages extends \core\task\scheduled_task {
    /** Packages of one run; the others come the next time, longest unchecked first. */
    private const PER_RUN = 200;

    /** Seconds after which a run begins no further check: slow CDNs must not hold up other tasks. */
    private const PATIENCE = 10 * MINSECS;

    /**
     * Name for people.
     *
     * @return string
     */
    public function get_name() {
        return get_string('task_check_packages', 'local_externalscormbridge');
    }

    /**
     * Checks what is due.
     */
    public function execute() {
        $end = time() + self::PATIENCE;
        foreach (store::due(time() - (new config())->check_interval(), self::PER_RUN) as $package) {
            if (time() >= $end) {
                return;
            }
            $finding = refresher::refresh($package);
            $reason = $finding->outcome === finding::FAILED ? " ({$finding->package->checkreason})" : '';
            mtrace("{$package->manifesturl}: {$finding->outcome}{$reason}");
        }
    }
}
