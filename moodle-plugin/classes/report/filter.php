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

namespace local_externalscormbridge\report;

use core_table\local\filter\filterset;
use core_table\local\filter\integer_filter;
use core_table\local\filter\string_filter;

/**
 * Which rows of a report are wanted.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class filter {
    /** Longest name that is searched for, in characters. */
    private const NAME = 100;

    /** @var string a part of the learner's name */
    public readonly string $name;

    /**
     * Constructor.
     *
     * @param int $group id, 0 for all
     * @param int $sco id, 0 for all
     * @param string $status one of outcome::NAMES, empty for all
     * @param string $name a part of the learner's name
     * @param bool $playing only who is playing now
     */
    public function __construct(
        /** @var int id of a group, 0 for all */
        public readonly int $group = 0,
        /** @var int id of a SCO, 0 for all */
        public readonly int $sco = 0,
        /** @var string one of outcome::NAMES, empty for all */
        public readonly string $status = '',
        string $name = '',
        /** @var bool only who is playing now */
        public readonly bool $playing = false
    ) {
        $this->name = \core_text::substr(trim($name), 0, self::NAME);
    }

    /**
     * What the parameters of a page say.
     *
     * @param activity $activity
     * @return self
     */
    public static function from_request(activity $activity): self {
        $status = optional_param('status', '', PARAM_ALPHA);
        return new self(
            (int) groups_get_activity_group($activity->cm, true),
            optional_param('sco', 0, PARAM_INT),
            in_array($status, outcome::NAMES, true) ? $status : '',
            optional_param('name', '', PARAM_TEXT),
            optional_param('playing', false, PARAM_BOOL)
        );
    }

    /**
     * What the filters of a table say.
     *
     * @param filterset $set
     * @return self
     */
    public static function from_set(filterset $set): self {
        $value = static fn(string $name) => $set->has_filter($name) ? $set->get_filter($name)->current() : null;
        return new self(
            (int) $value('group'),
            (int) $value('sco'),
            (string) $value('status'),
            (string) $value('name'),
            (bool) $value('playing')
        );
    }

    /**
     * The same as filters of a table.
     *
     * @param filterset $set
     */
    public function to_set(filterset $set): void {
        foreach (['group' => $this->group, 'sco' => $this->sco, 'playing' => (int) $this->playing] as $name => $value) {
            $set->add_filter(new integer_filter($name, null, [$value]));
        }
        foreach (['status' => $this->status, 'name' => $this->name] as $name => $value) {
            if ($value !== '') {
                $set->add_filter(new string_filter($name, null, [$value]));
            }
        }
    }

    /**
     * The same as parameters of a page.
     *
     * @return array
     */
    public function to_params(): array {
        return array_filter([
            'group' => $this->group,
            'sco' => $this->sco,
            'status' => $this->status,
            'name' => $this->name,
            'playing' => (int) $this->playing,
        ]);
    }

    /**
     * Whether anything but a group is asked for.
     *
     * @return bool
     */
    public function is_narrow(): bool {
        return $this->sco !== 0 || $this->status !== '' || $this->name !== '' || $this->playing;
    }
}
