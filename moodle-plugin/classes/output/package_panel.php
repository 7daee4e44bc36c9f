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

use core\output\notification;
use local_externalscormbridge\config;
use local_externalscormbridge\launch\ways;
use local_externalscormbridge\package\difference;
use local_externalscormbridge\package\finding;
use local_externalscormbridge\package\learners;
use local_externalscormbridge\package\pending;
use local_externalscormbridge\reason;
use local_externalscormbridge\report\activity;

/**
 * What an instructor sees of the package: where it is, what is in it, how it reaches learners and why, when it was looked at
 * last, and what waits for review.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class package_panel implements \core\output\named_templatable, \core\output\renderable {
    /** Who may see it and act on it: the same as choose the package. */
    public const CAPABILITY = 'moodle/course:manageactivities';

    /** Id of its element. */
    public const ELEMENT = 'scormbridge-package';

    /** What came out of an acceptance that was not confirmed although results will be deleted. */
    public const NO_CONSENT = 'noconsent';

    /** What came out of an acceptance. */
    private const ACCEPTED = 'accepted';

    /** What came out of an acceptance of what is no longer there. */
    private const CHANGED_AGAIN = 'again';

    /** How what came out is told. */
    private const KINDS = [
        finding::UNCHANGED => notification::NOTIFY_SUCCESS,
        finding::TAKEN => notification::NOTIFY_SUCCESS,
        finding::WAITING => notification::NOTIFY_WARNING,
        finding::FAILED => notification::NOTIFY_ERROR,
        self::ACCEPTED => notification::NOTIFY_SUCCESS,
        self::CHANGED_AGAIN => notification::NOTIFY_WARNING,
        self::NO_CONSENT => notification::NOTIFY_WARNING,
    ];

    /**
     * Constructor.
     *
     * @param activity $activity
     * @param config $config
     * @param string $outcome
     */
    public function __construct(
        /** @var activity the activity */
        private readonly activity $activity,
        /** @var config settings of the site */
        private readonly config $config,
        /** @var string what came out of what was just done, if anything was */
        private readonly string $outcome
    ) {
    }

    /**
     * Its page.
     *
     * @param int $cmid
     * @param string $outcome of what was just done
     * @return \moodle_url
     */
    public static function url(int $cmid, string $outcome = ''): \moodle_url {
        $params = ['id' => $cmid] + ($outcome === '' ? [] : ['outcome' => $outcome]);
        return new \moodle_url('/local/externalscormbridge/package.php', $params);
    }

    /**
     * Whether what waits for an activity costs learners results, so that somebody must say that they know.
     *
     * @param activity $activity
     * @return bool
     */
    public static function asks_for_consent(activity $activity): bool {
        $pending = pending::find((int) $activity->scorm->id);
        $removed = $pending === null ? [] : difference::between($activity->scorm, $pending->probe['tree'])->removed();
        return learners::of_scoes((int) $activity->scorm->id, $removed) !== [];
    }

    /**
     * What is told after somebody accepted.
     *
     * @param string $outcome of the check that comes with it
     * @return string
     */
    public static function after_acceptance(string $outcome): string {
        return [finding::TAKEN => self::ACCEPTED, finding::WAITING => self::CHANGED_AGAIN][$outcome] ?? $outcome;
    }

    /**
     * Its template.
     *
     * @param \core\output\renderer_base $renderer
     * @return string
     */
    public function get_template_name(\core\output\renderer_base $renderer): string {
        return 'local_externalscormbridge/package_panel';
    }

    /**
     * What the template needs.
     *
     * @param \core\output\renderer_base $output
     * @return array
     */
    public function export_for_template(\core\output\renderer_base $output): array {
        $package = $this->activity->package;
        $scoes = $this->activity->scoes();
        $pending = pending::find((int) $this->activity->scorm->id);
        $failure = $package->checkreason === null ? null : reason::text($package->checkreason, $package->checkdetails);
        return [
            'element' => self::ELEMENT,
            'notice' => $this->notice($output, $failure, $pending !== null),
            'action' => self::url((int) $this->activity->cm->id)->out(false),
            'sesskey' => sesskey(),
            'seconds' => $this->config->probe_timeout(),
            'cdnurl' => $package->cdnurl,
            'manifesturl' => $package->manifesturl,
            'version' => self::version($package->version, $package->edition),
            'count' => count($scoes),
            'scoes' => array_values($scoes),
            'checked' => $package->timechecked === 0 ? null : userdate($package->timechecked),
            'failure' => $failure,
            'ways' => ways::of($package, $this->config),
            'warnings' => array_column($package->warnings, 'message'),
            'review' => $pending === null
                ? null
                : (new package_review($this->activity, $this->config, $pending))->export_for_template($output),
        ];
    }

    /**
     * A version for people.
     *
     * @param string $version 1.2 or 2004
     * @param string|null $edition
     * @return string
     */
    public static function version(string $version, ?string $edition): string {
        return $edition === null
            ? "SCORM {$version}"
            : get_string('package_edition', config::COMPONENT, (object) ['version' => $version, 'edition' => $edition]);
    }

    /**
     * What came out of what was just done. It is named in the URL, where anybody can write: it is told only if it agrees
     * with what is stored.
     *
     * @param \core\output\renderer_base $output
     * @param string|null $failure why the last check failed, if it did
     * @param bool $waits
     * @return string|null HTML
     */
    private function notice(\core\output\renderer_base $output, ?string $failure, bool $waits): ?string {
        $needs = [
            finding::FAILED => $failure !== null,
            finding::WAITING => $waits,
            self::CHANGED_AGAIN => $waits,
            self::NO_CONSENT => $waits,
        ];
        if (!isset(self::KINDS[$this->outcome]) || !($needs[$this->outcome] ?? ($failure === null && !$waits))) {
            return null;
        }
        $message = get_string("package_outcome_{$this->outcome}", config::COMPONENT, s((string) $failure));
        return $output->render((new notification($message, self::KINDS[$this->outcome]))->set_show_closebutton(false));
    }
}
