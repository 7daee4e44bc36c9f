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

namespace local_externalscormbridge\diagnosis;

use core\check\result;
use local_externalscormbridge\check as checks_of_plugin;

/**
 * All checks there are.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class checks {
    /** From the best to the worst; what a check cannot say counts as nothing. */
    private const ORDER = [
        result::NA, result::OK, result::INFO, result::UNKNOWN, result::WARNING, result::ERROR, result::CRITICAL,
    ];

    /**
     * Those that tell whether packages play.
     *
     * @return check[]
     */
    public static function of_status(): array {
        return [
            new checks_of_plugin\engine(),
            new checks_of_plugin\keys(),
            new checks_of_plugin\delivery(),
            new checks_of_plugin\sandbox(),
            new checks_of_plugin\contenthost(),
            new checks_of_plugin\clock(),
            new checks_of_plugin\tasks(),
            new checks_of_plugin\packages(),
            new checks_of_plugin\results(),
            new checks_of_plugin\history(),
            new checks_of_plugin\keptvalues(),
            new checks_of_plugin\network(),
            new checks_of_plugin\php(),
        ];
    }

    /**
     * Those that tell whether the site is safe from what plays.
     *
     * @return check[]
     */
    public static function of_security(): array {
        return [
            new checks_of_plugin\allowlist(),
            new checks_of_plugin\isolation(),
            new checks_of_plugin\development(),
        ];
    }

    /**
     * All of them.
     *
     * @return check[]
     */
    public static function all(): array {
        return array_merge(self::of_status(), self::of_security());
    }

    /**
     * The worst of some findings.
     *
     * @param finding[] $findings
     * @return string a constant of \core\check\result
     */
    public static function worst(array $findings): string {
        $worst = 0;
        foreach ($findings as $finding) {
            $worst = max($worst, (int) array_search($finding->status, self::ORDER, true));
        }
        return self::ORDER[$worst];
    }
}
