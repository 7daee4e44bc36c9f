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

namespace Scormbridge;

use local_externalscormbridge\service\connection;
use local_externalscormbridge\service\opaque;

// The names are the extension's; ext/stubs/scormbridge.stub.php says what they mean.
// phpcs:disable moodle.NamingConventions.ValidFunctionName.LowercaseMethod

/**
 * The run-time data model: seeds a launch, and replays its journal.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class DataModel {
    use opaque;

    /**
     * There is nothing to make an object of.
     */
    private function __construct() {
    }

    /**
     * What the relay needs before the SCO may run.
     *
     * @param array $context
     * @param array $stored
     * @return array
     */
    public static function seed(array $context, array $stored): array {
        return connection::call('DataModel/seed', $context, $stored);
    }

    /**
     * The rows to write after a batch of the journal, and the session to keep for the next one.
     *
     * @param array $context
     * @param array $stored
     * @param array $session
     * @param string $entries
     * @return array
     */
    public static function replay(array $context, array $stored, array $session, string $entries): array {
        return connection::call('DataModel/replay', $context, $stored, $session, $entries);
    }

    /**
     * The same for a batch that comes after newer launches of the SCO have reported: without what would replace theirs.
     *
     * @param array $context
     * @param array $stored
     * @param array $session
     * @param string $entries
     * @param array $newer
     * @return array
     */
    public static function replayLate(array $context, array $stored, array $session, string $entries, array $newer): array {
        return connection::call('DataModel/replayLate', $context, $stored, $session, $entries, $newer);
    }
}
