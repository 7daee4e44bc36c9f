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

use local_externalscormbridge\config;
use local_externalscormbridge\launch\delivery;
use local_externalscormbridge\package\difference;
use local_externalscormbridge\package\learners;
use local_externalscormbridge\package\package;
use local_externalscormbridge\package\pending;
use local_externalscormbridge\package\sco_change;
use local_externalscormbridge\report\activity;

/**
 * What a changed package would change, part by part, and what learners would lose.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class package_review implements \core\output\templatable {
    /** Parts that are listed; more nobody reads. */
    private const LISTED = 200;

    /** Characters of a value that are shown. */
    private const LENGTH = 200;

    /**
     * Constructor.
     *
     * @param activity $activity
     * @param config $config
     * @param pending $pending
     */
    public function __construct(
        /** @var activity the activity */
        private readonly activity $activity,
        /** @var config settings of the site */
        private readonly config $config,
        /** @var pending what waits */
        private readonly pending $pending
    ) {
    }

    /**
     * What the template needs.
     *
     * @param \core\output\renderer_base $output
     * @return array
     */
    public function export_for_template(\core\output\renderer_base $output): array {
        $scorm = $this->activity->scorm;
        $probe = $this->pending->probe;
        $difference = difference::between($scorm, $probe['tree']);
        $removed = $difference->removed();
        $losses = learners::of_scoes((int) $scorm->id, $removed);
        $parts = [];
        foreach (array_slice($difference->scoes, 0, self::LISTED) as $change) {
            $parts[] = $this->part($change, $losses[(int) $change->scoid] ?? 0);
        }
        $next = package::from_probe((int) $scorm->id, $this->activity->package->cdnurl, $probe, $this->pending->timecreated);
        $mode = delivery::mode($next, $this->config);
        $moved = $probe['manifest_url'] !== $this->activity->package->manifesturl;
        return [
            'found' => userdate($this->pending->timecreated),
            'manifest' => $this->pending->hash(),
            'learners' => learners::of_activity((int) $scorm->id),
            'moved' => $moved ? $probe['manifest_url'] : null,
            'activity' => $this->activity_changes($difference, $next),
            'parts' => $parts,
            'hasparts' => $parts !== [],
            'more' => count($difference->scoes) - count($parts),
            'losses' => $losses !== [],
            'way' => $mode === null ? null : get_string("delivery_{$mode}", config::COMPONENT),
            'obstacles' => $mode === null ? delivery::obstacles($next, $this->config) : null,
        ];
    }

    /**
     * One part.
     *
     * @param sco_change $change
     * @param int $losers learners who lose results with it
     * @return array
     */
    private function part(sco_change $change, int $losers): array {
        $details = [];
        foreach ($change->aspects as $aspect => $pair) {
            $details[] = self::aspect($aspect, $pair);
        }
        $fate = match (true) {
            $change->kind === sco_change::ADDED => '',
            $change->kind === sco_change::CHANGED => get_string('package_kept', config::COMPONENT),
            $losers === 0 => get_string('package_nobody', config::COMPONENT),
            default => get_string('package_lost', config::COMPONENT, $losers),
        };
        return [
            'title' => $this->text($change->title === '' ? $change->identifier : $change->title),
            'identifier' => $change->identifier,
            'kind' => get_string("package_{$change->kind}", config::COMPONENT),
            'removed' => $change->kind === sco_change::REMOVED,
            'details' => $details,
            'fate' => $fate,
            'loss' => $losers > 0,
        ];
    }

    /**
     * What changes about the whole, in words.
     *
     * @param difference $difference
     * @param package $next
     * @return string[]
     */
    private function activity_changes(difference $difference, package $next): array {
        $lines = [];
        if (isset($difference->activity['version'])) {
            $package = $this->activity->package;
            $lines[] = self::aspect('version', [
                package_panel::version($package->version, $package->edition),
                package_panel::version($next->version, $next->edition),
            ]);
        }
        if (isset($difference->activity['first'])) {
            $lines[] = self::aspect('first', $difference->activity['first']);
        }
        return $lines;
    }

    /**
     * One aspect, in words.
     *
     * @param string $aspect
     * @param string[]|null $pair what was and what is
     * @return string plain text
     */
    private static function aspect(string $aspect, ?array $pair): string {
        if ($pair === null) {
            return get_string("package_aspect_{$aspect}", config::COMPONENT);
        }
        [$kind, $name] = explode(' ', $aspect, 2) + [1 => ''];
        [$old, $new] = array_map([self::class, 'value'], $pair);
        $words = (object) ['name' => $name, 'old' => $old, 'new' => $new];
        return get_string($kind === 'place' ? 'package_aspect_below' : "package_aspect_{$kind}", config::COMPONENT, $words);
    }

    /**
     * A value that people can read.
     *
     * @param string $value
     * @return string
     */
    private static function value(string $value): string {
        if ($value === '') {
            return get_string('none');
        }
        return \core_text::strlen($value) > self::LENGTH ? \core_text::substr($value, 0, self::LENGTH) . '…' : $value;
    }

    /**
     * A title of the package's.
     *
     * @param string $title
     * @return string HTML
     */
    private function text(string $title): string {
        return format_string($title, true, ['context' => $this->activity->context]);
    }
}
