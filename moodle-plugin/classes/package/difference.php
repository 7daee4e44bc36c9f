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

namespace local_externalscormbridge\package;

/**
 * What would change if a new manifest took the place of what mod_scorm holds.
 *
 * It compares what is stored, not two manifests: what a manifest says beyond that has no effect in Moodle.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class difference {
    /**
     * Constructor.
     *
     * @param array $activity
     * @param sco_change[] $scoes
     */
    private function __construct(
        /** @var array<string, string[]> by aspect of the whole what was and what is: version, first */
        public readonly array $activity,
        /** @var sco_change[] in the order of the new tree, what is gone at the end */
        public readonly array $scoes
    ) {
    }

    /**
     * Compares.
     *
     * @param \stdClass $scorm the activity
     * @param array $tree as \Scormbridge\Manifest::scoTree() gives it
     * @return self
     */
    public static function between(\stdClass $scorm, array $tree): self {
        $stored = stored_tree::rows((int) $scorm->id);
        $rows = array_map([stored_tree::class, 'comparable'], $tree['scoes']);
        $matching = matching::of(self::identifiers($stored), $rows);
        $moved = self::moved($stored, $rows, $matching->ids);

        $changes = [];
        $first = '';
        foreach ($rows as $index => $row) {
            $id = $matching->ids[$index];
            if ($row['sortorder'] === $tree['launch_sortorder']) {
                $first = $row['identifier'];
            }
            if ($id === null) {
                $changes[] = new sco_change(sco_change::ADDED, $row['identifier'], $row['title'], null);
                continue;
            }
            $aspects = self::aspects($stored[$id], $row);
            if (array_key_exists($id, $moved)) {
                $aspects['place'] = $moved[$id];
            }
            if ($aspects !== []) {
                $changes[] = new sco_change(sco_change::CHANGED, $row['identifier'], $row['title'], $id, $aspects);
            }
        }
        foreach ($matching->left as $id) {
            $changes[] = new sco_change(sco_change::REMOVED, $stored[$id]['identifier'], $stored[$id]['title'], $id);
        }
        $activity = array_filter([
            'version' => [(string) $scorm->version, (string) $tree['version']],
            'first' => [$stored[(int) $scorm->launch]['identifier'] ?? '', $first],
        ], static fn(array $pair): bool => $pair[0] !== $pair[1]);
        return new self($activity, $changes);
    }

    /**
     * Whether what learners have done so far may no longer fit: anything but titles.
     *
     * @return bool
     */
    public function is_structural(): bool {
        foreach ($this->scoes as $change) {
            if ($change->is_structural()) {
                return true;
            }
        }
        return $this->activity !== [];
    }

    /**
     * Whether there is none.
     *
     * @return bool
     */
    public function is_empty(): bool {
        return $this->activity === [] && $this->scoes === [];
    }

    /**
     * SCOs that go, and with them what learners have stored there.
     *
     * @return int[] ids
     */
    public function removed(): array {
        $gone = array_filter($this->scoes, static fn(sco_change $change): bool => $change->kind === sco_change::REMOVED);
        return array_values(array_map(static fn(sco_change $change): int => (int) $change->scoid, $gone));
    }

    /**
     * Identifiers of stored rows.
     *
     * @param array<int, array> $stored
     * @return array<int, string> by id
     */
    private static function identifiers(array $stored): array {
        return array_map(static fn(array $row): string => $row['identifier'], $stored);
    }

    /**
     * In what two rows of one SCO differ, without its place.
     *
     * @param array $old
     * @param array $new
     * @return array<string, string[]|null>
     */
    private static function aspects(array $old, array $new): array {
        $found = [];
        $pairs = [
            sco_change::TITLE => [$old['title'], $new['title']],
            'type' => [$old['scormtype'], $new['scormtype']],
            'launch' => [self::launch($old), self::launch($new)],
        ];
        foreach (array_keys($old['data'] + $new['data']) as $name) {
            if ($name !== 'parameters') {
                $pairs["data {$name}"] = [$old['data'][$name] ?? '', $new['data'][$name] ?? ''];
            }
        }
        foreach ($pairs as $aspect => $pair) {
            if ($pair[0] !== $pair[1]) {
                $found[$aspect] = $pair;
            }
        }
        foreach (['objectives', 'rules', 'rollup_rules'] as $aspect) {
            if ($old[$aspect] !== $new[$aspect]) {
                $found[$aspect] = null;
            }
        }
        return $found;
    }

    /**
     * What is launched, with its parameters.
     *
     * @param array $row
     * @return string
     */
    private static function launch(array $row): string {
        return $row['launch'] . ($row['data']['parameters'] ?? '');
    }

    /**
     * SCOs that stay in another place: below another parent, or elsewhere among their neighbours.
     *
     * @param array<int, array> $stored
     * @param array[] $rows
     * @param array<int, int|null> $ids by index of the row
     * @return array<int, string[]|null> by id the parents before and after, null where they are the same
     */
    private static function moved(array $stored, array $rows, array $ids): array {
        $moved = [];
        $before = [];
        $after = [];
        foreach ($rows as $index => $row) {
            $id = $ids[$index];
            if ($id === null) {
                continue;
            }
            $old = $stored[$id];
            if ([$old['organization'], $old['parent']] !== [$row['organization'], $row['parent']]) {
                $pair = [$old['parent'], $row['parent']];
                $moved[$id] = $pair[0] === $pair[1] ? [$old['organization'], $row['organization']] : $pair;
                continue;
            }
            $family = "{$row['organization']}\n{$row['parent']}";
            $before[$family][$id] = $old['sortorder'];
            $after[$family][] = $id;
        }
        foreach ($after as $family => $now) {
            asort($before[$family]);
            $moved += array_fill_keys(order::moved(array_keys($before[$family]), $now), null);
        }
        return $moved;
    }
}
