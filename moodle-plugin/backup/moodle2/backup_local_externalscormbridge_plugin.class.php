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
 * Backup of a CDN package.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

use local_externalscormbridge\backup\sealed_tracks_element;

/**
 * Carries the package of a SCORM activity into its backup.
 *
 * A sealed value opens in its own row alone, so a backup with learners carries what is sealed in plain text as well, as
 * it carries everything else of theirs; restoring seals it anew.
 *
 * Launches, history and kept values stay behind: a launch cannot go on in a copy, and a history begins anew with what it
 * finds.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
class backup_local_externalscormbridge_plugin extends backup_local_plugin {
    /**
     * What is added to an activity's backup.
     *
     * @return backup_plugin_element
     */
    protected function define_module_plugin_structure() {
        $plugin = $this->get_plugin_element();
        if ($this->task->get_modulename() !== 'scorm') {
            return $plugin;
        }
        $wrapper = new backup_nested_element($this->get_recommended_name());
        $package = new backup_nested_element('cdnpackage', null, [
            'cdnurl', 'manifesturl', 'baseurl', 'manifesthash', 'version', 'edition', 'delivery', 'warnings',
            'timechecked',
        ]);
        $tracks = new backup_nested_element('sealedtracks');
        $track = new sealed_tracks_element('sealedtrack', null, ['scoid', 'userid', 'attempt', 'element', 'value']);

        $plugin->add_child($wrapper);
        $wrapper->add_child($package);
        $wrapper->add_child($tracks);
        $tracks->add_child($track);

        $package->set_source_table('local_externalscormbridge_pkg', ['scormid' => backup::VAR_ACTIVITYID]);
        if ($this->get_setting_value('userinfo')) {
            $track->set_activity((int) $this->task->get_activityid());
            $track->annotate_ids('user', 'userid');
        }
        return $plugin;
    }
}
