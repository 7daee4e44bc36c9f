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
 * The callbacks that Moodle looks for, each of one line.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

use local_externalscormbridge\diagnosis\checks;
use local_externalscormbridge\export\download;
use local_externalscormbridge\external\mobile_app;
use local_externalscormbridge\form\package_fields;
use local_externalscormbridge\launch\stage;
use local_externalscormbridge\report\navigation;

/**
 * Adds the package type "CDN URL" to the form of a SCORM activity.
 *
 * @param moodleform_mod $formwrapper
 * @param MoodleQuickForm $mform
 */
function local_externalscormbridge_coursemodule_standard_elements($formwrapper, $mform): void {
    package_fields::extend($formwrapper, $mform);
}

/**
 * Shows the stored CDN URL when a SCORM activity is edited.
 *
 * @param moodleform_mod $formwrapper
 * @param MoodleQuickForm $mform
 */
function local_externalscormbridge_coursemodule_definition_after_data($formwrapper, $mform): void {
    package_fields::of($formwrapper)?->show_stored();
}

/**
 * Checks the CDN URL of a SCORM activity.
 *
 * @param moodleform_mod $formwrapper
 * @param array $data
 * @return array messages by element
 */
function local_externalscormbridge_coursemodule_validation($formwrapper, $data): array {
    return package_fields::check($formwrapper, $data);
}

/**
 * Stores the package once the SCORM activity exists.
 *
 * @param stdClass $data
 * @param stdClass $course
 * @return stdClass
 */
function local_externalscormbridge_coursemodule_edit_post_actions($data, $course): stdClass {
    return package_fields::save($data);
}

/**
 * Answers mod_scorm's loadSCO.php for a CDN package.
 *
 * @param stdClass|int|null $courseorid
 * @param bool|null $autologinguest
 * @param stdClass|cm_info|null $cm
 * @param bool|null $setwantsurltome
 * @param bool|null $preventredirect
 */
function local_externalscormbridge_after_require_login(
    $courseorid = null,
    $autologinguest = null,
    $cm = null,
    $setwantsurltome = null,
    $preventredirect = null
): void {
    stage::take_over($cm);
}

/**
 * Leads to the live report from the navigation of an activity that plays a CDN package.
 *
 * @param settings_navigation $navigation
 * @param context|null $context
 */
function local_externalscormbridge_extend_settings_navigation($navigation, $context): void {
    navigation::extend($navigation, $context);
}

/**
 * What Moodle's report of the system's status shows of this plugin.
 *
 * @return \core\check\check[]
 */
function local_externalscormbridge_status_checks(): array {
    return checks::of_status();
}

/**
 * What Moodle's report of security shows of this plugin.
 *
 * @return \core\check\check[]
 */
function local_externalscormbridge_security_checks(): array {
    return checks::of_security();
}

/**
 * Hands out the file of an export.
 *
 * @param stdClass $course
 * @param stdClass|null $cm
 * @param context $context
 * @param string $filearea
 * @param array $args id of the export, name of the file
 * @param bool $forcedownload
 * @param array $options
 * @return bool false if there is no such file; does not return otherwise
 */
function local_externalscormbridge_pluginfile($course, $cm, $context, $filearea, $args, $forcedownload, array $options = []) {
    $file = $cm ? download::file($cm, $filearea, $args) : null;
    return $file !== null && send_stored_file($file, 0, 0, true, $options);
}

/**
 * Answers web service functions of mod_scorm for programs that cannot play a CDN package.
 *
 * @param stdClass $externalfunctioninfo
 * @param array $params in order
 * @return mixed false for mod_scorm's own answer
 */
function local_externalscormbridge_override_webservice_execution($externalfunctioninfo, $params) {
    return mobile_app::answer($externalfunctioninfo, $params);
}
