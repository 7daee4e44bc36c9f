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

namespace local_externalscormbridge;

use core\hook\after_config;
use local_externalscormbridge\service\provider;

/**
 * How this site reaches the core: the PHP extension, or the local service where the extension is not loaded.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class core_access {
    /**
     * Makes the API of the extension known on a site that has no extension, for every page and program.
     *
     * @param after_config $hook
     */
    public static function on_setup(after_config $hook): void {
        self::offer();
    }

    /**
     * Makes the API known. Costs nothing until it is used.
     */
    public static function offer(): void {
        provider::provide(self::settings(...));
    }

    /**
     * Where the local service is. Before a Moodle is installed there is no setting to read.
     *
     * @return array
     */
    private static function settings(): array {
        return during_initial_install() ? ['address' => '', 'secretfile' => ''] : (new config())->service();
    }
}
