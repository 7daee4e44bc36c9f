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

namespace local_externalscormbridge\external;

use local_externalscormbridge\event\access_denied;
use local_externalscormbridge\launch\launch;
use local_externalscormbridge\launch\refused;
use local_externalscormbridge\launch\store;
use local_externalscormbridge\tracking\committer;

/**
 * A launch of the current user with the activity it belongs to.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class own_launch {
    /**
     * Constructor.
     *
     * @param launch $launch
     * @param \stdClass $scorm
     * @param \context_module $context
     */
    private function __construct(
        /** @var launch the launch */
        public readonly launch $launch,
        /** @var \stdClass the activity */
        public readonly \stdClass $scorm,
        /** @var \context_module the activity's context */
        public readonly \context_module $context
    ) {
    }

    /**
     * Finds a launch by its token. One of another learner and one that does not exist are answered alike; both are
     * logged.
     *
     * @param string $token
     * @return self
     * @throws refused
     */
    public static function find(string $token): self {
        global $DB, $USER;

        $launch = store::find($token);
        $scorm = $launch ? $DB->get_record('scorm', ['id' => $launch->scormid]) : false;
        $cm = $scorm ? get_coursemodule_from_instance('scorm', $scorm->id) : false;
        if (!$cm) {
            access_denied::of(\context_system::instance(), 'launch_unknown')->trigger();
            throw new refused('launch_unknown');
        }
        $context = \context_module::instance($cm->id);
        if ($launch->userid !== (int) $USER->id) {
            access_denied::of($context, 'launch_of_another', $launch->userid)->trigger();
            throw new refused('launch_unknown');
        }
        return new self($launch, $scorm, $context);
    }

    /**
     * Makes sure that the learner may still be where the launch is.
     *
     * @throws refused if not; it is logged
     */
    public function enter(): void {
        door::enter($this->context);
    }

    /**
     * Stores a batch of the launch, if its learner may still do so. However the batch has come, these are the checks.
     *
     * @param string $entries JSON array of journal entries
     * @return array as docs/protocol.md says
     * @throws \moodle_exception if not; it is logged
     */
    public function commit(string $entries): array {
        global $USER;

        $this->enter();
        try {
            if ($this->launch->mode === 'normal' && !has_capability('mod/scorm:savetrack', $this->context)) {
                throw new refused('no_savetrack');
            }
            return committer::commit($this->scorm, $this->launch, $USER, $entries);
        } catch (refused $e) {
            access_denied::of($this->context, $e->reason)->trigger();
            throw $e;
        }
    }
}
