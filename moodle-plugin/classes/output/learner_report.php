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

use local_externalscormbridge\history\sco_attempt;
use local_externalscormbridge\report\activity;
use local_externalscormbridge\report\answers;
use local_externalscormbridge\report\outcome;
use local_externalscormbridge\report\outcomes;
use local_externalscormbridge\report\reset;
use local_externalscormbridge\report\timeline;
use local_externalscormbridge\tracking\track_store;

/**
 * Everything about one learner in an activity.
 *
 * Answers, objectives and history are opened only for people who may see them, which is a right of its own.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class learner_report implements \core\output\named_templatable, \core\output\renderable {
    /** Who may read what learners answered. */
    public const ANSWERS = 'local/externalscormbridge:viewresponses';

    /**
     * Constructor.
     *
     * @param activity $activity
     * @param \stdClass $learner
     * @param int $attempt number of the attempt that is shown, 0 for the latest
     */
    public function __construct(
        /** @var activity the activity */
        private readonly activity $activity,
        /** @var \stdClass the learner */
        private readonly \stdClass $learner,
        /** @var int number of the attempt that is shown, 0 for the latest */
        private readonly int $attempt
    ) {
    }

    /**
     * Its template.
     *
     * @param \core\output\renderer_base $renderer
     * @return string
     */
    public function get_template_name(\core\output\renderer_base $renderer): string {
        return 'local_externalscormbridge/learner_report';
    }

    /**
     * What the template needs.
     *
     * @param \core\output\renderer_base $output
     * @return array
     */
    public function export_for_template(\core\output\renderer_base $output): array {
        global $DB;

        $of = ['scormid' => $this->activity->scorm->id, 'userid' => $this->learner->id];
        $ids = $DB->get_records_menu('scorm_attempt', $of, 'attempt', 'attempt, id');
        $attempts = array_keys($ids);
        $chosen = in_array($this->attempt, $attempts, true) ? $this->attempt : (end($attempts) ?: 0);
        $mayread = has_capability(self::ANSWERS, $this->activity->context);
        $url = ['user' => $this->learner->id];
        return [
            'name' => fullname($this->learner),
            'back' => $this->activity->url('index')->out(false),
            'hasattempts' => $attempts !== [],
            'attempts' => array_map(fn(int $number): array => [
                'number' => $number,
                'url' => $this->activity->url('learner', $url + ['attempt' => $number])->out(false),
                'chosen' => $number === $chosen,
            ], $attempts),
            'chart' => count($attempts) > 1 ? $this->chart($ids) : null,
            'mayread' => $mayread,
            'scoes' => $chosen === 0 ? [] : $this->scoes($chosen, $mayread),
            'reset' => has_capability(reset::CAPABILITY, $this->activity->context)
                ? $this->activity->url('reset', ['learners[]' => $this->learner->id])->out(false)
                : null,
            'export' => $mayread ? $this->activity->url('export', $url)->out(false) : null,
        ];
    }

    /**
     * Each SCO of an attempt.
     *
     * @param int $attempt
     * @param bool $mayread whether answers and history are shown as well
     * @return array[]
     */
    private function scoes(int $attempt, bool $mayread): array {
        $scoes = [];
        foreach ($this->activity->scoes() as $scoid => $title) {
            $store = new track_store((int) $this->activity->scorm->id, (int) $this->learner->id, $scoid, $attempt);
            $stored = $store->read();
            $outcome = new outcome($stored);
            $scoes[] = [
                'id' => $scoid,
                'title' => $title,
                'status' => get_string($outcome->status(), 'mod_scorm'),
                'score' => $outcome->score(),
                'progress' => $outcome->progress(),
                'time' => $outcome->time(),
                'unreadable' => implode(', ', $store->unreadable()),
                'details' => $mayread ? $this->details($scoid, $attempt, $stored) : null,
            ];
        }
        return $scoes;
    }

    /**
     * What a learner answered and did in a SCO.
     *
     * @param int $scoid
     * @param int $attempt
     * @param array<string, string> $stored
     * @return array
     */
    private function details(int $scoid, int $attempt, array $stored): array {
        $interactions = [];
        foreach (answers::of($stored, 'interactions') as $number => $interaction) {
            $interactions[] = [
                'number' => $number + 1,
                'id' => $interaction['id'] ?? '',
                'question' => $interaction['description'] ?? '',
                'type' => $interaction['type'] ?? '',
                'response' => $interaction['learner_response'] ?? '',
                'correct' => implode('; ', answers::correct($interaction)),
                'result' => $interaction['result'] ?? '',
            ];
        }
        $objectives = [];
        foreach (answers::of($stored, 'objectives') as $objective) {
            $objectives[] = [
                'id' => $objective['id'] ?? '',
                'status' => $objective['success_status'] ?? $objective['status'] ?? '',
                'completion' => $objective['completion_status'] ?? '',
                'score' => $objective['score.raw'] ?? $objective['score.scaled'] ?? '',
            ];
        }
        try {
            $of = new sco_attempt((int) $this->activity->scorm->id, (int) $this->learner->id, $scoid, $attempt);
            $history = timeline::of($of);
            $damaged = false;
        } catch (\Scormbridge\SealException | \UnexpectedValueException $e) {
            $history = ['calls' => 0, 'batches' => []];
            $damaged = true;
        }
        $format = get_string('strftimedatetimeaccurate', 'core_langconfig');
        foreach ($history['batches'] as &$batch) {
            $batch['time'] = $batch['time'] === null ? '' : userdate($batch['time'], $format);
            $batch['hasset'] = $batch['set'] !== [];
        }
        return [
            'interactions' => $interactions,
            'hasinteractions' => $interactions !== [],
            'objectives' => $objectives,
            'hasobjectives' => $objectives !== [],
            'history' => $history,
            'hashistory' => $history['batches'] !== [],
            'damaged' => $damaged,
        ];
    }

    /**
     * Scores over attempts, a line for each SCO that has any.
     *
     * @param int[] $attempts ids by number
     * @return string|null null without any score
     */
    private function chart(array $attempts): ?string {
        global $OUTPUT;

        $outcomes = outcomes::of(array_values($attempts));
        $chart = new \core\chart_line();
        $any = false;
        foreach ($this->activity->scoes() as $scoid => $title) {
            $points = array_map(
                static fn($id): ?float => isset($outcomes[$id][$scoid]) ? $outcomes[$id][$scoid][0]->points() : null,
                array_values($attempts)
            );
            if (array_filter($points, static fn(?float $point): bool => $point !== null) !== []) {
                $any = true;
                $chart->add_series(new \core\chart_series($title, $points));
            }
        }
        $chart->set_labels(array_map(
            static fn(int $number): string => get_string('report_attemptnumber', 'local_externalscormbridge', $number),
            array_keys($attempts)
        ));
        $axis = $chart->get_yaxis(0, true);
        $axis->set_min(0);
        $axis->set_label(get_string('report_score', 'local_externalscormbridge'));
        return $any ? $OUTPUT->render_chart($chart) : null;
    }
}
