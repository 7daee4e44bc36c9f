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

namespace local_externalscormbridge\report;

/**
 * What the stored elements of one SCO in one attempt say to people, in SCORM 1.2 and 2004 alike.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class outcome {
    /** Where statuses are; what is said of success counts for more than what is said of completion. */
    public const STATUSES = ['cmi.success_status', 'cmi.core.lesson_status', 'cmi.completion_status'];

    /** Where scores are. */
    public const SCORES = ['cmi.core.score.raw', 'cmi.score.raw'];

    /** Everything that is read. */
    public const ELEMENTS = [
        ...self::STATUSES,
        ...self::SCORES,
        'cmi.core.score.max',
        'cmi.score.max',
        'cmi.score.scaled',
        'cmi.progress_measure',
        'cmi.core.total_time',
        'cmi.total_time',
    ];

    /** Statuses that there are, by the names of mod_scorm's strings. */
    public const NAMES = ['passed', 'failed', 'completed', 'incomplete', 'browsed', 'notattempted'];

    /** Where nothing was said. */
    private const NOTHING = 'notattempted';

    /**
     * Constructor.
     *
     * @param array<string, string> $elements value by storage name
     */
    public function __construct(
        /** @var array<string, string> value by storage name */
        private readonly array $elements
    ) {
    }

    /**
     * The status: one of NAMES.
     *
     * @return string
     */
    public function status(): string {
        foreach (self::STATUSES as $element) {
            $status = str_replace(' ', '', $this->elements[$element] ?? '');
            if (in_array($status, self::NAMES, true) && $status !== self::NOTHING) {
                return $status;
            }
        }
        return self::NOTHING;
    }

    /**
     * The score for people: as reported, with the best that could be had; in per cent where it was only scaled.
     *
     * @return string empty without one
     */
    public function score(): string {
        $raw = $this->first('cmi.core.score.raw', 'cmi.score.raw');
        if (is_numeric($raw)) {
            $max = $this->first('cmi.core.score.max', 'cmi.score.max');
            $score = format_float((float) $raw, 2, true, true);
            return is_numeric($max) ? "{$score} / " . format_float((float) $max, 2, true, true) : $score;
        }
        $scaled = $this->first('cmi.score.scaled');
        return is_numeric($scaled) ? self::percent((float) $scaled) : '';
    }

    /**
     * The score as a number, for a chart.
     *
     * @return float|null
     */
    public function points(): ?float {
        $raw = $this->first('cmi.core.score.raw', 'cmi.score.raw');
        if (is_numeric($raw)) {
            return (float) $raw;
        }
        $scaled = $this->first('cmi.score.scaled');
        return is_numeric($scaled) ? (float) $scaled * 100 : null;
    }

    /**
     * How far the learner is.
     *
     * @return string empty where nothing says so
     */
    public function progress(): string {
        $measure = $this->first('cmi.progress_measure');
        if (is_numeric($measure)) {
            return self::percent((float) $measure);
        }
        return in_array($this->status(), ['passed', 'completed'], true) ? self::percent(1) : '';
    }

    /**
     * How long the learner was there.
     *
     * @return string empty where nothing says so
     */
    public function time(): string {
        global $CFG;
        require_once("{$CFG->dirroot}/mod/scorm/locallib.php");

        $time = $this->first('cmi.core.total_time', 'cmi.total_time');
        return $time === '' ? '' : trim(scorm_format_duration($time));
    }

    /**
     * The first element of some that is there.
     *
     * @param string ...$elements
     * @return string
     */
    private function first(string ...$elements): string {
        foreach ($elements as $element) {
            if (($this->elements[$element] ?? '') !== '') {
                return $this->elements[$element];
            }
        }
        return '';
    }

    /**
     * A share for people.
     *
     * @param float $share
     * @return string
     */
    private static function percent(float $share): string {
        return get_string('percents', 'moodle', format_float($share * 100, 0));
    }
}
