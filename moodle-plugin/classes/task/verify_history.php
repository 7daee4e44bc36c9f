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
use local_externalscormbridge\history\integrity;
use local_externalscormbridge\history\sco_attempt;
use local_externalscormbridge\history\store;

/**
 * Checks, some at a time, that the history of attempts gives what is stored of them. It begins again when it is through:
 * what is to be found may have happened to an attempt that nobody has touched for long.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class verify_history extends \core\task\scheduled_task {
    /** Setting that says how far the last run has come: the last row of an attempt. */
    private const CURSOR = 'historycursor';

    /** Setting that says what the pass that is under way has found so far. */
    private const UNDER_WAY = 'historypass';

    /** Setting that says what the last complete pass has found, and when it ended. */
    private const LAST_PASS = 'historylastpass';

    /** @var int attempts at SCOs in one run */
    private int $perrun = 200;

    /**
     * Sets how many attempts at SCOs are checked in one run.
     *
     * @param int $count
     */
    public function set_per_run(int $count): void {
        $this->perrun = $count;
    }

    /**
     * Name for people.
     *
     * @return string
     */
    public function get_name() {
        return get_string('task_verify_history', 'local_externalscormbridge');
    }

    /**
     * Checks the next ones.
     */
    public function execute() {
        $cursor = (int) get_config(config::COMPONENT, self::CURSOR);
        $pass = $cursor === 0 ? null : self::stored(self::UNDER_WAY);
        $pass ??= ['checked' => 0, 'different' => 0];
        $found = store::attempts($cursor, $this->perrun);
        $different = 0;
        foreach ($found as $row) {
            $of = new sco_attempt((int) $row->scormid, (int) $row->userid, (int) $row->scoid, (int) $row->attempt);
            $differs = (int) ((integrity::check($of) ?? []) !== []);
            $different += $differs;
            $pass = ['checked' => $pass['checked'] + 1, 'different' => $pass['different'] + $differs];
            // After each: a run that is cut off goes on from here.
            set_config(self::UNDER_WAY, json_encode($pass, JSON_THROW_ON_ERROR), config::COMPONENT);
            set_config(self::CURSOR, $row->lastid, config::COMPONENT);
        }
        if (count($found) < $this->perrun) {
            set_config(self::LAST_PASS, json_encode($pass + ['time' => time()], JSON_THROW_ON_ERROR), config::COMPONENT);
            set_config(self::CURSOR, 0, config::COMPONENT);
        }
        mtrace('... ' . count($found) . " attempts checked, {$different} differ");
    }

    /**
     * What the last pass through all attempts has found.
     *
     * @return array{checked: int, different: int, time: int}|null null if there was none yet
     */
    public static function last_pass(): ?array {
        return self::stored(self::LAST_PASS);
    }

    /**
     * What a setting holds.
     *
     * @param string $name
     * @return array|null
     */
    private static function stored(string $name): ?array {
        return json_decode((string) get_config(config::COMPONENT, $name), true);
    }
}
