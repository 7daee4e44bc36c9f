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

namespace local_externalscormbridge\history;

/**
 * What one commit has stored, as the history keeps it.
 *
 * It holds the rules it was judged by, because an instructor may change them afterwards, and, where the history begins
 * later than the attempt, what was there before.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class batch {
    /**
     * Constructor.
     *
     * @param int $firstseq number of the first journal entry, 0 where the SCO begins anew
     * @param int $lastseq number of the last one
     * @param bool $merged whether a newer launch had reported before
     * @param array $rules context of the data model, without the learner
     * @param array[] $entries journal entries that the data model accepted
     * @param array[] $refused entries of a merged batch that it did not
     * @param array<string, string>|null $before what was stored when the history began; null if it had begun already
     * @param array|null $session how far the launch had come when the history began; null if it had begun already
     * @param string[] $cleared elements that were emptied for a new beginning
     */
    public function __construct(
        /** @var int number of the first journal entry, 0 where the SCO begins anew */
        public readonly int $firstseq,
        /** @var int number of the last one */
        public readonly int $lastseq,
        /** @var bool whether a newer launch had reported before */
        public readonly bool $merged = false,
        /** @var array context of the data model, without the learner */
        public readonly array $rules = [],
        /** @var array[] journal entries that the data model accepted */
        public readonly array $entries = [],
        /** @var array[] entries of a merged batch that it did not */
        public readonly array $refused = [],
        /** @var array<string, string>|null what was stored when the history began */
        public readonly ?array $before = null,
        /** @var array|null how far the launch had come when the history began */
        public readonly ?array $session = null,
        /** @var string[] elements that were emptied for a new beginning */
        public readonly array $cleared = []
    ) {
    }

    /**
     * A commit.
     *
     * @param array[] $entries what came, without what was known already; not empty
     * @param array $context of the data model
     * @param int[] $refused numbers of entries that it did not accept
     * @param bool $merged whether a newer launch had reported before
     * @param array|null $before
     * @param array|null $session
     * @return self
     */
    public static function of_commit(
        array $entries,
        array $context,
        array $refused,
        bool $merged,
        ?array $before,
        ?array $session
    ): self {
        unset($context['learner']);
        $isrefused = static fn(array $entry): bool => in_array($entry['seq'], $refused, true);
        return new self(
            $entries[0]['seq'],
            end($entries)['seq'],
            $merged,
            $context,
            array_values(array_filter($entries, static fn(array $entry): bool => !$isrefused($entry))),
            // They were promised to a SCO that did not know what the newer launch had stored.
            $merged ? array_values(array_filter($entries, $isrefused)) : [],
            $before,
            $session
        );
    }

    /**
     * As text. Members that say nothing are left out.
     *
     * @return string
     */
    public function to_text(): string {
        $members = array_filter([
            'rules' => $this->rules,
            'entries' => $this->entries,
            'refused' => $this->refused,
            'before' => $this->before,
            'session' => $this->session,
            'cleared' => $this->cleared,
        ]);
        $json = json_encode($members, JSON_THROW_ON_ERROR | JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE);
        return base64_encode(gzdeflate($json, 6));
    }

    /**
     * From text.
     *
     * @param int $firstseq
     * @param int $lastseq
     * @param bool $merged
     * @param string $text
     * @return self
     * @throws \UnexpectedValueException if the text is none of to_text()
     */
    public static function from_text(int $firstseq, int $lastseq, bool $merged, string $text): self {
        $packed = base64_decode($text, true);
        $json = $packed === false ? false : @gzinflate($packed);
        $members = $json === false ? null : json_decode($json, true, 64);
        if (!is_array($members)) {
            throw new \UnexpectedValueException('A row of the history is damaged.');
        }
        return new self(
            $firstseq,
            $lastseq,
            $merged,
            $members['rules'] ?? [],
            $members['entries'] ?? [],
            $members['refused'] ?? [],
            $members['before'] ?? null,
            $members['session'] ?? null,
            $members['cleared'] ?? []
        );
    }
}
