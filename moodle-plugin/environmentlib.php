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

/**
 * What Moodle's environment check asks the plugin.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

use local_externalscormbridge\core_access;
use local_externalscormbridge\diagnosis\engine;

/**
 * Whether a core answers: the PHP extension, or the local service. One of them must be there; that a service which was
 * chosen is down just now is no reason to keep a site from its upgrade.
 *
 * @param environment_results $result
 * @return environment_results|null null if all is well
 */
function local_externalscormbridge_check_core(environment_results $result): ?environment_results {
    // A plugin that is yet to be installed listens to nothing.
    core_access::offer();
    $obstacle = engine::obstacle();
    if ($obstacle === null) {
        return null;
    }
    if ($obstacle->reason !== 'core_missing') {
        $result->setLevel('optional');
    }
    $result->setInfo('scormbridge');
    $result->setFeedbackStr(['coremissing', 'local_externalscormbridge', s($obstacle->getMessage())]);
    $result->setStatus(false);
    return $result;
}
