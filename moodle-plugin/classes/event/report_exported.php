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

use local_externalscormbridge\export\request;

/**
 * Somebody has exported what learners did.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
class report_exported extends package_event {
    /**
     * The event for one export.
     *
     * @param request $request
     * @return self
     */
    public static function of(request $request): self {
        $selection = $request->selection;
        $data = [
            'context' => $selection->activity->context,
            'objectid' => $selection->activity->scorm->id,
            'other' => [
                'learners' => $selection->size()->learners,
                'group' => $selection->group,
                'parts' => $request->part_names(),
                'format' => $request->format,
            ],
        ];
        if ($selection->learner !== 0) {
            $data['relateduserid'] = $selection->learner;
        }
        return self::create($data);
    }

    /**
     * Reads, and is about teaching.
     */
    protected function init() {
        parent::init();
        $this->data['crud'] = 'r';
        $this->data['edulevel'] = self::LEVEL_TEACHING;
    }

    /**
     * Name for people.
     *
     * @return string
     */
    public static function get_name() {
        return get_string('event_report_exported', 'local_externalscormbridge');
    }

    /**
     * Description for the log.
     *
     * @return string
     */
    public function get_description() {
        return "The user with id '{$this->userid}' exported what learners did: {$this->other['learners']} learners, "
            . implode(', ', $this->other['parts']) . ", as {$this->other['format']}.";
    }
}
