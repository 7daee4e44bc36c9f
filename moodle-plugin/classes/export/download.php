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

use local_externalscormbridge\event\access_denied;
use local_externalscormbridge\report\activity;

/**
 * Hands out the file of an export: to whoever asked for it, while they may see what it holds.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class download {
    /**
     * The export of the current user's with an id; that somebody tried another's is logged.
     *
     * @param activity $activity
     * @param int $id
     * @return job
     * @throws \moodle_exception if there is none
     */
    public static function job(activity $activity, int $id): job {
        $job = job::find($id);
        $reason = match (true) {
            $job === null || $job->scormid() !== (int) $activity->scorm->id => 'export_unknown',
            !self::is_mine($job) => 'export_of_another',
            default => null,
        };
        if ($reason !== null) {
            access_denied::of($activity->context, $reason)->trigger();
            throw new \moodle_exception('export_unknown', 'local_externalscormbridge', $activity->url('export'));
        }
        return $job;
    }

    /**
     * Whether an export is the current user's.
     *
     * @param job $job
     * @return bool
     */
    private static function is_mine(job $job): bool {
        global $USER;

        return $job->userid() === (int) $USER->id;
    }

    /**
     * The file that a URL names.
     *
     * @param \stdClass $cm
     * @param string $area
     * @param array $args id of the export, name of the file
     * @return \stored_file|null null if there is none
     * @throws \moodle_exception if the current user may not have it
     */
    public static function file(\stdClass $cm, string $area, array $args): ?\stored_file {
        if ($area !== job::AREA || count($args) !== 2) {
            return null;
        }
        $activity = activity::enter((int) $cm->id);
        $job = self::job($activity, (int) $args[0]);
        $selection = $job->request($activity)->selection;
        $selection->demand();
        if (!$job->is_within($selection)) {
            access_denied::of($activity->context, 'export_holds_more')->trigger();
            throw new \moodle_exception('export_holdsmore', 'local_externalscormbridge', $activity->url('export'));
        }
        $file = $job->status() === job::DONE ? $job->file() : null;
        return $file !== null && $file->get_filename() === $args[1] ? $file : null;
    }

    /**
     * Where the file of an export is.
     *
     * @param \stored_file $file
     * @return \moodle_url
     */
    public static function url(\stored_file $file): \moodle_url {
        return \moodle_url::make_pluginfile_url(
            $file->get_contextid(),
            $file->get_component(),
            $file->get_filearea(),
            $file->get_itemid(),
            $file->get_filepath(),
            $file->get_filename(),
            true
        );
    }
}
