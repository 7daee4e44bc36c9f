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

/**
 * Restore of a CDN package.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

use local_externalscormbridge\package\package;
use local_externalscormbridge\package\store;
use local_externalscormbridge\tracking\track_store;

/**
 * Gives a restored SCORM activity its package back, and seals its secrets for their new rows.
 *
 * The module is restored before the activity, so what is read here waits until the activity and its SCOs have their ids.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
class restore_local_externalscormbridge_plugin extends restore_local_plugin {
    /** @var stdClass|null the package as read */
    private ?stdClass $package = null;

    /** @var string|null file with one sealed track to a line, for there may be many */
    private ?string $tracks = null;

    /**
     * What is read from an activity's backup.
     *
     * @return restore_path_element[]
     */
    protected function define_module_plugin_structure() {
        return [
            new restore_path_element($this->get_namefor('cdnpackage'), $this->get_pathfor('/cdnpackage')),
            new restore_path_element($this->get_namefor('sealedtrack'), $this->get_pathfor('/sealedtracks/sealedtrack')),
        ];
    }

    /**
     * Keeps the package.
     *
     * @param array $data
     */
    public function process_local_externalscormbridge_cdnpackage($data): void {
        $this->package = (object) $data;
    }

    /**
     * Keeps a track.
     *
     * @param array $data
     */
    public function process_local_externalscormbridge_sealedtrack($data): void {
        $this->tracks ??= make_request_directory() . '/tracks';
        file_put_contents($this->tracks, json_encode($data, JSON_THROW_ON_ERROR) . "\n", FILE_APPEND);
    }

    /**
     * Stores both once everything has its id.
     */
    public function after_restore_module(): void {
        $scormid = (int) $this->task->get_activityid();
        if ($this->package === null || !$scormid) {
            return;
        }
        $this->package->scormid = $scormid;
        $this->package->checkreason = null;
        store::save(package::from_record($this->package));
        if ($this->tracks === null || !$this->get_setting_value('userinfo')) {
            return;
        }
        foreach (new SplFileObject($this->tracks) as $line) {
            if ($line !== '') {
                $this->restore_track($scormid, json_decode($line, true, 3, JSON_THROW_ON_ERROR));
            }
        }
    }

    /**
     * Seals one value for its new row.
     *
     * @param int $scormid
     * @param array $track
     */
    private function restore_track(int $scormid, array $track): void {
        $userid = (int) $this->get_mappingid('user', $track['userid']);
        $scoid = (int) $this->get_mappingid('scorm_sco', $track['scoid']);
        $value = base64_decode($track['value'], true);
        if (!$userid || !$scoid || $value === false) {
            return;
        }
        $store = new track_store($scormid, $userid, $scoid, (int) $track['attempt']);
        $store->seal_anew([$track['element'] => $value]);
    }
}
