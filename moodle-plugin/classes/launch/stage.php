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

namespace local_externalscormbridge\launch;

use local_externalscormbridge\event\access_denied;
use local_externalscormbridge\package\store as package_store;

/**
 * The page that takes the place of mod_scorm's loadSCO.php for CDN packages.
 *
 * It has no theme and no Moodle JavaScript: it holds the player's configuration, one script, and after that the frame
 * with the content. What it must never do is run content in Moodle's own origin.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class stage {
    /** The page of mod_scorm's that is answered here. */
    private const SCRIPT = '/mod/scorm/loadSCO.php';

    /**
     * Answers the request and ends it if it asks for a SCO of a CDN package; otherwise lets it go its way.
     *
     * @param \stdClass|\cm_info|null $cm
     */
    public static function take_over(\stdClass|\cm_info|null $cm): void {
        global $DB, $SCRIPT;

        if ($SCRIPT !== self::SCRIPT || $cm === null || $cm->modname !== 'scorm') {
            return;
        }
        $package = package_store::find((int) $cm->instance);
        if ($package === null) {
            return;
        }
        $scorm = $DB->get_record('scorm', ['id' => $cm->instance], '*', MUST_EXIST);
        $context = \context_module::instance($cm->id);
        $page = new \local_externalscormbridge\output\stage_page();
        $scoid = required_param('scoid', PARAM_INT);
        $mode = optional_param('mode', 'normal', PARAM_ALPHA);
        try {
            $launcher = new launcher($scorm, $cm, $context, $package);
            if (self::wants_restart()) {
                $launcher->restart($scoid, $mode);
                // Asked for anew, so that going back or reloading does not begin anew once more.
                header('Location: ' . self::retry_url(), true, 303);
                exit;
            }
            $start = $launcher->start($scoid, $mode, self::organization($scorm));
        } catch (refused $e) {
            access_denied::of($context, $e->reason)->trigger();
            if ($e->reason === launcher::UNREADABLE) {
                $page->send_restart(self::retry_url());
            } else {
                $page->send_refusal($e->getMessage(), self::retry_url());
            }
            exit;
        } catch (\Scormbridge\Exception $e) {
            $page->send_refusal(\local_externalscormbridge\reason::message($e), self::retry_url());
            exit;
        }
        if ($start->delivery === null) {
            // Not redirect(): it would rewrite the query that the package asks for.
            header("Location: {$start->player['url']}", true, 302);
            exit;
        }
        $page->send($start);
        exit;
    }

    /**
     * Whether the learner has agreed to begin the SCO anew.
     *
     * @return bool
     * @throws refused if it was not the learner's own page that says so
     */
    private static function wants_restart(): bool {
        if (!data_submitted() || !optional_param('restart', false, PARAM_BOOL)) {
            return false;
        }
        if (!confirm_sesskey()) {
            throw new refused('sesskey');
        }
        return true;
    }

    /**
     * The organization asked for, if the package has it.
     *
     * @param \stdClass $scorm
     * @return string
     */
    private static function organization(\stdClass $scorm): string {
        global $DB;

        $wanted = optional_param('currentorg', '', PARAM_RAW);
        $known = $wanted !== '' && $DB->record_exists('scorm_scoes', ['scorm' => $scorm->id, 'identifier' => $wanted]);
        return $known ? $wanted : '';
    }

    /**
     * The same request again.
     *
     * @return string
     */
    private static function retry_url(): string {
        return qualified_me();
    }
}
