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

use local_externalscormbridge\config;
use local_externalscormbridge\event\access_denied;
use local_externalscormbridge\launch\refused;
use local_externalscormbridge\package\store as packages;

/**
 * What Moodle's app, and other programs that play SCORM by themselves, are told of activities that play from a CDN.
 *
 * The app plays packages that it has downloaded from the site, and brings their tracks afterwards. A package on a CDN is
 * never on the site, and its tracks are taken from the bridge alone, which judges and seals them. So the app gets a link to
 * the activity's page, where it plays in the browser, and tracks that are sent without the bridge are refused.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class mobile_app {
    /**
     * Answers a function of a web service in mod_scorm's place, where there is something to say.
     *
     * @param \stdClass $function as Moodle describes external functions
     * @param array $arguments in order
     * @return array|false false for mod_scorm's own answer
     * @throws refused for tracks that do not come from the bridge
     */
    public static function answer(\stdClass $function, array $arguments): array|false {
        switch ($function->name) {
            case 'mod_scorm_get_scorms_by_courses':
                return self::with_links(call_user_func_array([$function->classname, $function->methodname], $arguments));
            case 'mod_scorm_insert_scorm_tracks':
                self::refuse_tracks((int) reset($arguments));
        }
        return false;
    }

    /**
     * Puts a link before the description of each activity that plays from a CDN, if it is the app that asks.
     *
     * @param array $answer of mod_scorm_get_scorms_by_courses
     * @return array
     */
    private static function with_links(array $answer): array {
        if (!\core_useragent::is_moodle_app()) {
            return $answer;
        }
        foreach ($answer['scorms'] as $index => $activity) {
            if (packages::find((int) $activity['id']) === null) {
                continue;
            }
            $page = new \moodle_url('/mod/scorm/view.php', ['id' => $activity['coursemodule']]);
            $words = get_string('app_note', config::COMPONENT);
            $link = \html_writer::link($page, get_string('app_open', config::COMPONENT));
            $note = \html_writer::tag('p', "{$words} {$link}", ['class' => 'alert alert-info']);
            $answer['scorms'][$index]['intro'] = $note . ($activity['intro'] ?? '');
        }
        return $answer;
    }

    /**
     * Refuses tracks for a SCO of a CDN package.
     *
     * @param int $scoid
     * @throws refused whoever may enter
     */
    private static function refuse_tracks(int $scoid): void {
        global $DB;

        $scormid = (int) $DB->get_field('scorm_scoes', 'scorm', ['id' => $scoid]);
        if ($scormid === 0 || packages::find($scormid) === null) {
            return;
        }
        $cm = get_coursemodule_from_instance('scorm', $scormid, 0, false, MUST_EXIST);
        $context = \context_module::instance($cm->id);
        door::enter($context);
        $refused = new refused('tracks_elsewhere');
        access_denied::of($context, $refused->reason)->trigger();
        throw $refused;
    }
}
