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

namespace local_externalscormbridge\trial;

use local_externalscormbridge\config;
use local_externalscormbridge\event\access_denied;
use local_externalscormbridge\gateway_options;
use local_externalscormbridge\launch\delivery;
use local_externalscormbridge\launch\launch;
use local_externalscormbridge\launch\player_config;
use local_externalscormbridge\launch\refused;
use local_externalscormbridge\launch\start;
use local_externalscormbridge\package\package;
use local_externalscormbridge\reason;

/**
 * A package played by one way of delivery for an administrator to see whether that way works.
 *
 * The player and the data model are those of a learner; there is no course, no activity and no learner. All that is known of
 * it rests in the administrator's own session for a quarter of an hour: nothing reaches a table, a grade or a log of
 * results, and nobody else's session knows its token.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class trial {
    /** Who may. */
    public const CAPABILITY = 'moodle/site:config';

    /** Seconds that a trial may take. */
    private const LIFETIME = 15 * MINSECS;

    /** Bytes of what a trial may store: it is kept in a session. */
    private const LONGEST = 512 * 1024;

    /** Whom the content takes for its learner. */
    private const LEARNER = ['id' => 'diagnosis', 'name' => 'Diagnosis, Bridge'];

    /**
     * Constructor.
     *
     * @param string $token names the trial on the wire, 32 hexadecimal digits
     * @param array $state as begin() makes it
     */
    private function __construct(
        /** @var string names the trial on the wire, 32 hexadecimal digits */
        public readonly string $token,
        /** @var array as begin() makes it */
        private array $state
    ) {
    }

    /**
     * Refuses, and logs it, whoever is no administrator.
     *
     * @throws refused
     */
    public static function demand(): void {
        $context = \context_system::instance();
        if (!has_capability(self::CAPABILITY, $context)) {
            access_denied::of($context, 'no_config')->trigger();
            throw new refused('no_config');
        }
    }

    /**
     * Begins a trial for the current user.
     *
     * @param array $probe what the extension found
     * @param string $mode direct, host or sandbox
     * @return self
     */
    public static function begin(array $probe, string $mode): self {
        $trial = new self(bin2hex(random_bytes(16)), [
            'mode' => $mode,
            'package' => package::from_probe(0, $probe['manifest_url'], $probe, time())->to_record(),
            'sco' => self::first_sco($probe['tree']),
            'expires' => time() + self::LIFETIME,
            'stored' => [],
            'session' => ['last_seq' => 0, 'status' => 'ready'],
            'seen' => ['initialize' => 0, 'set' => 0, 'commit' => 0, 'terminate' => 0],
            'refused' => [],
            'reports' => [],
        ]);
        $trial->keep();
        return $trial;
    }

    /**
     * A trial of the current session.
     *
     * @param string $token
     * @return self|null
     */
    public static function find(string $token): ?self {
        $state = self::cache()->get($token);
        return is_array($state) && $state['expires'] > time() ? new self($token, $state) : null;
    }

    /**
     * What the player needs.
     *
     * @return start
     */
    public function start(): start {
        global $USER;

        gateway_options::refresh();
        $package = package::from_record($this->state['package']);
        $delivery = delivery::by($this->state['mode'], $package, new config(), $this->state['expires']);
        $sco = (object) $this->state['sco'];
        $url = \Scormbridge\Manifest::launchUrl($package->baseurl, $sco->launch, $sco->parameters);
        $url = $delivery->base . substr($url, strlen($package->baseurl));
        $seed = \Scormbridge\DataModel::seed($this->context(), $this->state['stored']);
        $launch = new launch($this->token, 0, 0, (int) $USER->id, 1, 'normal', $delivery->mode);
        $activity = (object) ['auto' => 0];
        return new start($sco, $delivery, player_config::bare($activity, $sco, $launch, $delivery, $url, $seed, ''));
    }

    /**
     * Judges a batch as that of a learner is judged, and throws away what comes of it when the session ends.
     *
     * @param string $entries JSON array of journal entries
     * @return array as docs/protocol.md says
     * @throws refused if it is none, or too much
     */
    public function commit(string $entries): array {
        self::demand();
        try {
            $replay = \Scormbridge\DataModel::replay($this->context(), $this->state['stored'], $this->state['session'], $entries);
        } catch (\Scormbridge\DataModelException $e) {
            throw new refused($e->reason, reason::message($e), $e->details);
        }
        $known = $this->state['session']['last_seq'];
        foreach (json_decode($entries, true, 8, JSON_THROW_ON_ERROR) as $entry) {
            $this->state['seen'][$entry['op']] += (int) ($entry['seq'] > $known);
        }
        foreach ($replay['rows'] as $row) {
            $this->state['stored'][$row['element']] = $row['value'];
        }
        if (strlen(serialize($this->state['stored'])) > self::LONGEST) {
            throw new refused('trial_full');
        }
        foreach ($replay['refused'] as $refusal) {
            $this->state['refused'][] = "{$refusal['element']}: {$refusal['reason']}";
        }
        $this->state['refused'] = array_slice($this->state['refused'], 0, 10);
        $this->state['session'] = $replay['session'];
        $this->keep();
        return [
            'ack' => $replay['session']['last_seq'],
            'status' => $replay['session']['status'],
            'refused' => $replay['refused'],
            'navigation' => $replay['navigation'],
        ];
    }

    /**
     * Notes what the player could not do.
     *
     * @param string $code
     */
    public function report(string $code): void {
        self::demand();
        $this->state['reports'] = array_slice(array_unique([...$this->state['reports'], $code]), 0, 10);
        $this->keep();
    }

    /**
     * What has come of it so far.
     *
     * @return array seen (how many of each call), refused and reports (texts), roundtrip (same, different or empty)
     */
    public function outcome(): array {
        return [
            'seen' => $this->state['seen'],
            'refused' => $this->state['refused'],
            'reports' => $this->state['reports'],
            'roundtrip' => sample::verdict($this->state['stored']),
        ];
    }

    /**
     * What the data model must know, in the shape of its LaunchContext.
     *
     * @return array
     */
    private function context(): array {
        $sco = $this->state['sco'];
        return [
            'version' => $this->state['package']->version,
            'learner' => self::LEARNER,
            'mode' => 'normal',
            'sco' => $sco['data'],
            'objectives' => $sco['objectives'],
            'settings' => [
                'masteryoverride' => true,
                'forcecompleted' => false,
                'scormstandard' => !empty(get_config('scorm', 'scormstandard')),
            ],
        ];
    }

    /**
     * The SCO that is played: the first that is one, and not an asset.
     *
     * @param array $tree
     * @return array launch, parameters, title, data and objectives
     * @throws refused if there is none
     */
    private static function first_sco(array $tree): array {
        foreach ($tree['scoes'] as $row) {
            if ($row['launch'] === '' || $row['scormtype'] !== 'sco') {
                continue;
            }
            $data = array_map('strval', array_column($row['data'], 1, 0));
            return [
                'launch' => $row['launch'],
                'parameters' => $data['parameters'] ?? '',
                'title' => $row['title'],
                'data' => $data,
                'objectives' => array_map(static fn(array $objective): array => [
                    'objectiveid' => (string) $objective['objectiveid'],
                    'primaryobj' => (bool) $objective['primaryobj'],
                    'satisfiedbymeasure' => (bool) $objective['satisfiedbymeasure'],
                    'minnormalizedmeasure' => (string) $objective['minnormalizedmeasure'],
                ], $row['objectives']),
            ];
        }
        throw new refused('probe_no_launchable_sco');
    }

    /**
     * Keeps the trial in the session.
     */
    private function keep(): void {
        self::cache()->set($this->token, $this->state);
    }

    /**
     * Where trials are.
     *
     * @return \cache
     */
    private static function cache(): \cache {
        return \cache::make(config::COMPONENT, 'trials');
    }
}
