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

namespace local_externalscormbridge\export;

/**
 * What somebody wants exported: whose attempts, which parts, in which format.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class request {
    /** Learners beyond whom an export is made in the background. */
    public const LEARNERS = 100;

    /** Stored values, with batches of the history where it is exported, beyond which it is. */
    public const VALUES = 20000;

    /** The same for formats that are slow to write. */
    private const SLOW = ['pdf' => 500];

    /** Characters of a file's name, each of which may take four bytes of the 255 that there are. */
    private const NAME = 60;

    /**
     * Constructor.
     *
     * @param selection $selection
     * @param part[] $parts at least one
     * @param string $format name of a dataformat plugin
     */
    public function __construct(
        /** @var selection whose attempts */
        public readonly selection $selection,
        /** @var part[] at least one */
        public readonly array $parts,
        /** @var string name of a dataformat plugin */
        public readonly string $format
    ) {
    }

    /**
     * The formats that the site has.
     *
     * @return string[] label by name
     */
    public static function formats(): array {
        $formats = [];
        foreach (\core_plugin_manager::instance()->get_plugins_of_type('dataformat') as $plugin) {
            if ($plugin->is_enabled()) {
                $formats[$plugin->name] = get_string('dataformat', $plugin->component);
            }
        }
        return $formats;
    }

    /**
     * Whether it is made while somebody waits for it.
     *
     * @param \stdClass $size of the selection
     * @return bool
     */
    public function is_small(\stdClass $size): bool {
        $values = $size->values + (in_array(part::HISTORY, $this->parts, true) ? $size->batches : 0);
        return $size->learners <= self::LEARNERS && $values <= (self::SLOW[$this->format] ?? self::VALUES);
    }

    /**
     * The names of its parts.
     *
     * @return string[]
     */
    public function part_names(): array {
        return array_map(static fn(part $part): string => $part->value, $this->parts);
    }

    /**
     * Name of its file, without an extension.
     *
     * @return string
     */
    public function filename(): string {
        $activity = $this->selection->activity;
        $name = [format_string($activity->cm->name, true, ['context' => $activity->context, 'escape' => false])];
        if ($this->selection->group !== 0) {
            $name[] = groups_get_group_name($this->selection->group);
        }
        if ($this->selection->learner !== 0) {
            $name[] = fullname(\core_user::get_user($this->selection->learner, '*', MUST_EXIST));
        }
        $name[] = userdate(time(), '%Y-%m-%d', 99, false, false);
        return \core_text::substr(clean_filename(strtr(implode('-', $name), ' ', '_')), 0, self::NAME);
    }
}
