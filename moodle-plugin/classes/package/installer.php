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

namespace local_externalscormbridge\package;

use local_externalscormbridge\event\package_checked;
use local_externalscormbridge\export\job;
use local_externalscormbridge\records;
use local_externalscormbridge\tracking\track_store;

/**
 * Makes a SCORM activity play a CDN package, and undoes it.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class installer {
    /**
     * Stores a package for an activity: the plugin's row, mod_scorm's tree of SCOs and mod_scorm's own fields, all or
     * nothing.
     *
     * @param int $scormid
     * @param string $cdnurl the URL as the instructor entered it
     * @param array $probe what the extension found there
     * @return package
     */
    public static function install(int $scormid, string $cdnurl, array $probe): package {
        global $CFG, $DB;
        require_once("{$CFG->dirroot}/mod/scorm/locallib.php");

        $scorm = $DB->get_record('scorm', ['id' => $scormid], '*', MUST_EXIST);
        $package = package::from_probe($scormid, $cdnurl, $probe, time());

        $transaction = $DB->start_delegated_transaction();
        $written = tree_writer::write($scorm, $probe['tree']);
        $DB->update_record('scorm', (object) ([
            'version' => $written->version,
            'launch' => $written->launch,
            'revision' => $scorm->revision + 1,
        ] + self::fields($package)));
        store::save($package);
        pending::forget($scormid);
        $transaction->allow_commit();

        // A grade can depend on how many SCOs there are; mod_scorm looked before there were any.
        $scorm = $DB->get_record('scorm', ['id' => $scormid], '*', MUST_EXIST);
        $scorm->cmidnumber = get_coursemodule_from_instance('scorm', $scormid, 0, false, MUST_EXIST)->idnumber;
        scorm_update_grades($scorm);
        package_checked::of($package)->trigger();
        return $package;
    }

    /**
     * Gives the activity its own fields of a package back, after mod_scorm's form has written its own.
     *
     * @param package $package
     */
    public static function keep_fields(package $package): void {
        global $CFG, $DB;
        require_once("{$CFG->dirroot}/mod/scorm/locallib.php");

        $DB->update_record('scorm', (object) self::fields($package));
    }

    /**
     * What mod_scorm keeps about where a package comes from.
     *
     * @param package $package
     * @return array
     */
    private static function fields(package $package): array {
        return [
            'id' => $package->scormid,
            'scormtype' => SCORM_TYPE_EXTERNAL,
            'reference' => $package->reference(),
            'sha1hash' => sha1($package->reference()),
            'md5hash' => '',
            // The plugin has its own task for this; mod_scorm's would fetch without the guards.
            'updatefreq' => SCORM_UPDATE_NEVER,
        ];
    }

    /**
     * Makes an activity an ordinary one again: what was sealed becomes plain, the plugin's rows go, and the SCOs keep
     * their ids.
     *
     * @param int $scormid
     */
    public static function release(int $scormid): void {
        global $DB;

        $transaction = $DB->start_delegated_transaction();
        track_store::unseal_activity($scormid);
        self::forget($scormid);
        $transaction->allow_commit();
    }

    /**
     * Removes what the plugin keeps about an activity that is gone.
     *
     * @param int $scormid
     */
    public static function forget(int $scormid): void {
        records::delete_for_activity($scormid);
        job::delete('scormid = ?', [$scormid]);
        store::delete($scormid);
    }
}
