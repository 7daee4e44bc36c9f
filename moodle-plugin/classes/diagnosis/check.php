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
use local_externalscormbridge\config;

/**
 * One thing that must be right for packages to play. The same checks stand on the page "Diagnose", on the command line and
 * in Moodle's own reports of status and security.
 *
 * A check changes nothing that a launch would not change as well, asks nobody but the site's own hosts, and ends.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
abstract class check extends \core\check\check {
    /**
     * Looks.
     *
     * @return finding
     */
    abstract protected function look(): finding;

    /**
     * Whether it cannot be answered without the extension.
     *
     * @return bool
     */
    protected function needs_engine(): bool {
        return false;
    }

    /**
     * Where something can be done about it.
     *
     * @return \moodle_url
     */
    protected function place(): \moodle_url {
        return new \moodle_url('/admin/settings.php', ['section' => config::COMPONENT]);
    }

    /**
     * What the place is called.
     *
     * @return string
     */
    protected function place_name(): string {
        return get_string('settings', 'core');
    }

    /**
     * What was found. A check that fails is a finding too, and does not keep the others from being made.
     *
     * @return finding
     */
    final public function finding(): finding {
        if ($this->needs_engine() && !engine::is_there()) {
            return finding::not_applicable(self::text('without_engine'));
        }
        try {
            return $this->look();
        } catch (\Throwable $e) {
            return finding::error(self::text('failed', $e->getMessage()), self::text('failed_do'));
        }
    }

    /**
     * The same for Moodle.
     *
     * @return result
     */
    final public function get_result(): result {
        return $this->finding()->result();
    }

    /**
     * Name for people.
     *
     * @return string
     */
    final public function get_name(): string {
        return self::text($this->get_id());
    }

    /**
     * Link to the place.
     *
     * @return \action_link|null
     */
    final public function get_action_link(): ?\action_link {
        return new \action_link($this->place(), $this->place_name());
    }

    /**
     * One of the texts of checks.
     *
     * @param string $name
     * @param mixed $a
     * @return string
     */
    protected static function text(string $name, mixed $a = null): string {
        return get_string("check_{$name}", config::COMPONENT, $a);
    }
}
