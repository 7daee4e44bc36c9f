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

namespace local_externalscormbridge\event;

use local_externalscormbridge\history\sco_attempt;

/**
 * What is stored of an attempt is not what its history says: somebody else has written to the tables, or a row was lost.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
class history_differs extends package_event {
    /** Elements that are named. */
    private const NAMED = 20;

    /**
     * The event for one attempt at a SCO.
     *
     * @param sco_attempt $of
     * @param array<string, string> $differences by element
     * @return self
     */
    public static function of(sco_attempt $of, array $differences): self {
        return self::create([
            'context' => self::context_of($of->scormid),
            'objectid' => $of->scormid,
            'relateduserid' => $of->userid,
            'other' => [
                'scoid' => $of->scoid,
                'attempt' => $of->attempt,
                'count' => count($differences),
                'elements' => array_slice($differences, 0, self::NAMED, true),
            ],
        ]);
    }

    /**
     * Fixed properties.
     */
    protected function init() {
        parent::init();
        $this->data['crud'] = 'r';
    }

    /**
     * Name for people.
     *
     * @return string
     */
    public static function get_name() {
        return get_string('event_history_differs', 'local_externalscormbridge');
    }

    /**
     * Description for the log.
     *
     * @return string
     */
    public function get_description() {
        $elements = [];
        foreach ($this->other['elements'] as $element => $difference) {
            $elements[] = trim("{$element} {$difference}");
        }
        return "The history of attempt {$this->other['attempt']} at the SCO with id '{$this->other['scoid']}' by the user "
            . "with id '{$this->relateduserid}' differs from what is stored in {$this->other['count']} elements: "
            . implode(', ', $elements) . '.';
    }
}
