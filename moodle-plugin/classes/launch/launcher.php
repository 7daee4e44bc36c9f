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

use local_externalscormbridge\config;
use local_externalscormbridge\gateway_options;
use local_externalscormbridge\package\package;
use local_externalscormbridge\package\prober;
use local_externalscormbridge\reason;
use local_externalscormbridge\tracking\launch_context;
use local_externalscormbridge\tracking\track_store;

/**
 * Starts one SCO for the current user: the launch record, and what the player in the browser needs to know.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class launcher {
    /** Reason for not starting a SCO whose stored state cannot be opened, until the learner agrees to begin anew. */
    public const UNREADABLE = 'unreadable';

    /** @var config settings of the site */
    private readonly config $config;

    /**
     * Constructor.
     *
     * @param \stdClass $scorm
     * @param \stdClass|\cm_info $cm
     * @param \context_module $context
     * @param package $package
     */
    public function __construct(
        /** @var \stdClass the activity */
        private readonly \stdClass $scorm,
        /** @var \stdClass|\cm_info its course module */
        private readonly \stdClass|\cm_info $cm,
        /** @var \context_module its context */
        private readonly \context_module $context,
        /** @var package its package */
        private readonly package $package
    ) {
        global $CFG;
        require_once("{$CFG->dirroot}/mod/scorm/locallib.php");

        $this->config = new config();
    }

    /**
     * Starts a SCO, or the next one that can be launched where the id is that of an organization or a chapter.
     *
     * @param int $scoid
     * @param string $mode mode asked for
     * @param string $currentorg organization asked for, by identifier
     * @return start
     * @throws refused if the learner may not play, or nothing can be played
     */
    public function start(int $scoid, string $mode, string $currentorg): start {
        global $USER;

        $decided = attempt_policy::for_launch($this->scorm, $this->context, $mode);
        $this->check_source();
        $sco = $this->sco($scoid);
        if ($sco->scormtype === 'asset') {
            return $this->start_asset($sco, $decided);
        }

        $delivery = delivery::choose($this->package, $this->config, time());
        if ($delivery === null) {
            throw new refused('no_delivery', null, ['obstacles' => $this->for_teachers(
                fn(): string => delivery::obstacles($this->package, $this->config)
            )]);
        }
        gateway_options::refresh();
        $scourl = $this->sco_url($sco, $delivery->base);
        $tracks = new track_store((int) $this->scorm->id, (int) $USER->id, (int) $sco->id, $decided['attempt']);
        // Noted before the tracks are read: what arrives in between rather counts as unknown to the seed than as known.
        $earlier = store::earlier((int) $this->scorm->id, (int) $USER->id, (int) $sco->id, $decided['attempt']);
        $stored = $tracks->read();
        if ($decided['mode'] === 'normal' && $tracks->unreadable() !== []) {
            // Without it the SCO would begin from the start and overwrite what is there, unasked.
            throw new refused(self::UNREADABLE);
        }
        $launch = $this->create_launch($sco, $decided, $delivery->mode);
        $seed = \Scormbridge\DataModel::seed(launch_context::of($this->scorm, $launch, $USER), $stored);
        $this->log_launch($sco);

        $prereqs = $this->prereqs_url($sco, $launch, $currentorg);
        $player = player_config::build($this->scorm, $sco, $launch, $delivery, $scourl, $seed, $prereqs);
        return new start($sco, $delivery, $player + ['earlier' => $earlier]);
    }

    /**
     * Lets the learner begin a SCO anew whose stored state cannot be read any more.
     *
     * @param int $scoid
     * @param string $mode mode asked for
     * @throws refused if the learner may not play
     */
    public function restart(int $scoid, string $mode): void {
        $decided = attempt_policy::for_launch($this->scorm, $this->context, $mode);
        if ($decided['mode'] === 'normal') {
            restart::perform($this->create_launch($this->sco($scoid), $decided, 'direct'));
        }
    }

    /**
     * The record of a launch.
     *
     * @param \stdClass $sco
     * @param array $decided attempt and mode
     * @param string $delivery
     * @return launch
     */
    private function create_launch(\stdClass $sco, array $decided, string $delivery): launch {
        global $USER;

        return store::create(
            (int) $this->scorm->id,
            (int) $sco->id,
            (int) $USER->id,
            $decided['attempt'],
            $decided['mode'],
            $delivery
        );
    }

    /**
     * The policy may have changed since the package was accepted, or the package came with a backup from elsewhere: what
     * is not allowed is not played. The folder is the manifest's, or the policy would judge one and the browser load the
     * other.
     *
     * @throws refused if so
     */
    private function check_source(): void {
        $package = $this->package;
        try {
            $policy = new \Scormbridge\UrlPolicy($this->config->policy_options());
            $own = $policy->check($package->manifesturl)['origin'] === prober::lms_origin();
            if ($own || $package->baseurl !== preg_replace('~[^/]*([?#].*)?$~s', '', $package->manifesturl)) {
                throw new refused('source_not_allowed', null, ['reason' => get_string('askteacher', config::COMPONENT)]);
            }
        } catch (\Scormbridge\UrlException $e) {
            throw new refused('source_not_allowed', null, ['reason' => $this->for_teachers(
                static fn(): string => reason::message($e)
            )]);
        }
    }

    /**
     * What only helps those who can do something about it; others are told whom to ask.
     *
     * @param callable $details
     * @return string
     */
    private function for_teachers(callable $details): string {
        return has_capability('moodle/course:manageactivities', $this->context)
            ? $details()
            : get_string('askteacher', config::COMPONENT);
    }

    /**
     * The SCO to play.
     *
     * @param int $scoid
     * @return \stdClass
     * @throws refused if the package has none
     */
    private function sco(int $scoid): \stdClass {
        global $DB;

        if ($scoid && !$DB->record_exists('scorm_scoes', ['id' => $scoid, 'scorm' => $this->scorm->id])) {
            throw new refused('sco_unknown');
        }
        [$sco] = scorm_get_sco_and_launch_url($this->scorm, $scoid, $this->context);
        if (!$sco || $sco->launch === '') {
            throw new refused('sco_unknown');
        }
        // The one found instead of a chapter comes without its data.
        return scorm_get_sco($sco->id);
    }

    /**
     * The launch URL of a SCO below some folder, with its parameters.
     *
     * @param \stdClass $sco
     * @param string $base
     * @return string
     * @throws refused if the SCO does not lie in the package
     */
    private function sco_url(\stdClass $sco, string $base): string {
        $folder = $this->package->baseurl;
        try {
            $url = \Scormbridge\Manifest::launchUrl($folder, $sco->launch, (string) ($sco->parameters ?? ''));
        } catch (\Scormbridge\ManifestException $e) {
            throw new refused($e->reason);
        }
        return $base . substr($url, strlen($folder));
    }

    /**
     * An asset reports nothing: mod_scorm counts it as completed when it is opened, and it plays straight from the CDN,
     * or from the content host where the site prefers that. Who only looks completes nothing.
     *
     * @param \stdClass $sco
     * @param array $decided attempt and mode
     * @return start
     */
    private function start_asset(\stdClass $sco, array $decided): start {
        global $USER;

        $delivery = delivery::choose($this->package, $this->config, time());
        $base = $delivery?->mode === 'host' ? $delivery->base : $this->package->baseurl;
        gateway_options::refresh();
        $url = $this->sco_url($sco, $base);
        if ($decided['mode'] === 'normal') {
            $element = $this->package->version === '2004' ? 'cmi.completion_status' : 'cmi.core.lesson_status';
            scorm_insert_track($USER->id, $this->scorm->id, $sco->id, $decided['attempt'], $element, 'completed');
        }
        $this->log_launch($sco);
        return new start($sco, null, ['url' => $url]);
    }

    /**
     * Tells mod_scorm's log that a SCO was launched, by its address on the CDN: that of the gateway holds a ticket, and
     * logs are read by many.
     *
     * @param \stdClass $sco
     */
    private function log_launch(\stdClass $sco): void {
        scorm_launch_sco($this->scorm, $sco, $this->cm, $this->context, $this->sco_url($sco, $this->package->baseurl));
    }

    /**
     * Where the table of contents is rendered anew after the SCO has reported.
     *
     * @param \stdClass $sco
     * @param launch $launch
     * @param string $currentorg
     * @return string
     */
    private function prereqs_url(\stdClass $sco, launch $launch, string $currentorg): string {
        return (new \moodle_url('/mod/scorm/prereqs.php', [
            'a' => $this->scorm->id,
            'scoid' => $sco->id,
            'attempt' => $launch->attempt,
            'mode' => $launch->mode,
            'currentorg' => $currentorg === '' ? $sco->organization : $currentorg,
            'sesskey' => sesskey(),
        ]))->out(false);
    }
}
