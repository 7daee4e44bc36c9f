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

namespace local_externalscormbridge;

use core\hook\after_config;
use local_externalscormbridge\event\access_denied;
use local_externalscormbridge\export\job;
use local_externalscormbridge\package\store;

/**
 * Logs who is turned away before the plugin is asked: from mod_scorm's own pages of a CDN package, and from the plugin's
 * external functions where nobody is signed in or the session key is wrong.
 *
 * Moodle's log says nothing of these. This looks before Moodle does, with Moodle's own questions, and decides nothing.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class entrance {
    /** Pages, with the parameter that names the course module; on those of mod_scorm "a" names the activity. */
    private const PAGES = [
        '/mod/scorm/view.php' => 'id',
        '/mod/scorm/player.php' => 'cm',
        '/mod/scorm/loadSCO.php' => 'id',
        '/local/externalscormbridge/package.php' => 'id',
        '/local/externalscormbridge/report/index.php' => 'id',
        '/local/externalscormbridge/report/export.php' => 'id',
        '/local/externalscormbridge/report/learner.php' => 'id',
        '/local/externalscormbridge/report/reset.php' => 'id',
    ];

    /** Pages for administrators. */
    private const ADMIN_PAGES = [
        '/local/externalscormbridge/diagnose.php',
        '/local/externalscormbridge/trial.php',
    ];

    /** Page through which browsers get files. */
    private const FILES = '/pluginfile.php';

    /** Page through which browsers call external functions. */
    private const AJAX = '/lib/ajax/service.php';

    /**
     * Looks at a request.
     *
     * @param after_config $hook
     */
    public static function watch(after_config $hook): void {
        global $SCRIPT;

        if (($SCRIPT ?? '') === self::AJAX) {
            self::log_call(static fn(): string => (string) file_get_contents('php://input'));
            return;
        }
        if (in_array($SCRIPT ?? '', self::ADMIN_PAGES, true)) {
            self::log_administrator();
            return;
        }
        $isfile = ($SCRIPT ?? '') === self::FILES;
        if (!$isfile && !isset(self::PAGES[$SCRIPT ?? '']) || during_initial_install() || moodle_needs_upgrading()) {
            return;
        }
        if ($isfile) {
            $cm = self::exported((string) get_file_argument());
            if ($cm) {
                self::log($cm);
            }
            return;
        }
        $cmid = optional_param(self::PAGES[$SCRIPT], 0, PARAM_INT);
        $scormid = optional_param('a', 0, PARAM_INT);
        $cm = $cmid
            ? get_coursemodule_from_id('scorm', $cmid)
            : get_coursemodule_from_instance('scorm', $scormid);
        if ($cm && store::find((int) $cm->instance) !== null) {
            self::log($cm);
        }
    }

    /**
     * The course module whose export a file is.
     *
     * @param string $path the argument of Moodle's page for files
     * @return \stdClass|false false if it is another file
     */
    private static function exported(string $path): \stdClass|false {
        [$contextid, $component, $area] = explode('/', ltrim($path, '/')) + ['', '', ''];
        if ($component !== config::COMPONENT || $area !== job::AREA) {
            return false;
        }
        $context = \context::instance_by_id((int) $contextid, IGNORE_MISSING);
        return $context instanceof \context_module ? get_coursemodule_from_id('scorm', $context->instanceid) : false;
    }

    /**
     * Logs that a call of the plugin's functions is going to be refused for the session's sake.
     *
     * @param callable $body of the request, read only if it is refused
     */
    public static function log_call(callable $body): void {
        $issignedin = isloggedin();
        if ($issignedin && confirm_sesskey(optional_param('sesskey', '', PARAM_RAW))) {
            return;
        }
        if (str_contains($body(), '"' . config::COMPONENT . '_')) {
            ticket_log::refused($issignedin ? 'sesskey' : 'not_signed_in');
        }
    }

    /**
     * Logs that a visitor of a page for administrators is going to be refused, if so.
     */
    public static function log_administrator(): void {
        if (!isloggedin()) {
            ticket_log::refused('not_signed_in');
        } else if (!has_capability('moodle/site:config', \context_system::instance())) {
            access_denied::of(\context_system::instance(), 'no_config')->trigger();
        }
    }

    /**
     * Logs that a visitor of a page is going to be refused, if so.
     *
     * @param \stdClass $cm
     */
    public static function log(\stdClass $cm): void {
        if (!isloggedin()) {
            // Anybody can ask without signing in, as often as they like.
            ticket_log::refused('not_signed_in');
            return;
        }
        $context = \context_module::instance($cm->id);
        $course = get_course($cm->course);
        if (!can_access_course($course, null, '', true) || !\core_availability\info_module::is_user_visible($cm->id, 0, false)) {
            $reason = is_enrolled($context, null, '', true) ? 'not_available' : 'not_enrolled';
            access_denied::of($context, $reason)->trigger();
        }
    }
}
