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

namespace local_externalscormbridge\output;

use local_externalscormbridge\diagnosis\check;
use local_externalscormbridge\diagnosis\checks;
use local_externalscormbridge\diagnosis\finding;

/**
 * What all checks have found, for an administrator to read.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class diagnosis implements \core\output\named_templatable, \core\output\renderable {
    /**
     * Its template.
     *
     * @param \core\output\renderer_base $renderer
     * @return string
     */
    public function get_template_name(\core\output\renderer_base $renderer): string {
        return 'local_externalscormbridge/diagnosis';
    }

    /**
     * What the template needs.
     *
     * @param \core\output\renderer_base $output
     * @return array
     */
    public function export_for_template(\core\output\renderer_base $output): array {
        $rows = [];
        $findings = [];
        foreach (checks::all() as $check) {
            $finding = $check->finding();
            $findings[] = $finding;
            $rows[] = self::row($check, $finding, $output);
        }
        $worst = checks::worst($findings);
        return [
            'checks' => $rows,
            'overall' => get_string("diagnosis_{$worst}", 'local_externalscormbridge'),
            'trial' => (new \moodle_url('/local/externalscormbridge/trial.php'))->out(false),
            'good' => in_array($worst, ['ok', 'info', 'na'], true),
        ];
    }

    /**
     * One check.
     *
     * @param check $check
     * @param finding $finding
     * @param \core\output\renderer_base $output
     * @return array
     */
    private static function row(check $check, finding $finding, \core\output\renderer_base $output): array {
        $link = $check->get_action_link();
        return [
            'id' => $check->get_id(),
            'status' => $output->check_result($finding->result()),
            'name' => $check->get_name(),
            'summary' => $finding->summary,
            'advice' => $finding->advice,
            'hasadvice' => $finding->advice !== [],
            'link' => $link->url->out(false),
            'linkname' => $link->text,
        ];
    }
}
