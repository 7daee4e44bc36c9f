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

namespace local_externalscormbridge\export;

/**
 * How values are written down in a format, so that nothing of them is lost and none of them does anything.
 *
 * JSON takes every value as it is. In the others
 * - a value that has no room in a cell goes on in the next row, which says which piece of the row it is;
 * - a cell that a spreadsheet could take for a formula begins with an apostrophe, and so does one that begins with an
 *   apostrophe by itself: whoever takes the first apostrophe of a cell away has the value;
 * - control characters, which only CSV can hold, are their pictures (U+2400 and following).
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class notation {
    /** Characters to a cell of a spreadsheet. Excel has room for 32,767, and counts some characters twice. */
    private const CELL = 16000;

    /** Characters to a cell of a page: a cell must not be taller than a page. */
    private const PAGE = 1000;

    /** How a cell begins that a spreadsheet could take for a formula, or that has an apostrophe of its own. */
    private const FORMULA = "/^[=+\\-@\t\r\n'\u{FF1D}\u{FF0B}\u{FF0D}\u{FF20}]/u";

    /** What begins like a formula and is none. */
    private const NUMBER = '/^-?\d+([.,]\d+)?$/D';

    /**
     * Constructor.
     *
     * @param int $room characters to a cell, 0 without a limit
     * @param bool $isspreadsheet whether formulas must be told from text
     * @param bool $ismarkup whether cells are HTML
     * @param bool $takescontrols whether cells can hold control characters
     */
    private function __construct(
        /** @var int characters to a cell, 0 without a limit */
        public readonly int $room,
        /** @var bool whether formulas must be told from text */
        private readonly bool $isspreadsheet,
        /** @var bool whether cells are HTML */
        private readonly bool $ismarkup,
        /** @var bool whether cells can hold control characters */
        private readonly bool $takescontrols
    ) {
    }

    /**
     * The notation for a format. One that is not known is taken for a spreadsheet.
     *
     * @param string $format name of a dataformat plugin
     * @param bool $ismarkup whether its cells are HTML
     * @return self
     */
    public static function for(string $format, bool $ismarkup): self {
        return match (true) {
            $format === 'json' => new self(0, false, false, true),
            $ismarkup => new self(self::PAGE, false, true, false),
            default => new self(self::CELL, true, false, $format === 'csv'),
        };
    }

    /**
     * The rows that a row becomes: one, or one for each piece of its longest value.
     *
     * @param string[] $keys cells that say whose row it is and are repeated
     * @param string[] $cells the others
     * @return \Generator<string[]> with the piece, where values are split: "2/3", or nothing for a row that is whole
     */
    public function rows(array $keys, array $cells): \Generator {
        if ($this->room === 0) {
            yield array_values([...$keys, ...$cells]);
            return;
        }
        $keys = array_map($this->cell(...), array_values($keys));
        $pieces = array_map($this->pieces(...), array_values($cells));
        $count = max(1, ...array_map('count', $pieces));
        for ($n = 0; $n < $count; $n++) {
            $row = array_map(fn(array $of): string => $this->cell($of[$n] ?? ''), $pieces);
            yield [...$keys, ...$row, $count === 1 ? '' : ($n + 1) . "/{$count}"];
        }
    }

    /**
     * A value in pieces that each have room in a cell.
     *
     * @param string $value
     * @return string[]
     */
    private function pieces(string $value): array {
        // Bytes are as many as characters or more, and quicker to count.
        return strlen($value) <= $this->room ? [$value] : mb_str_split($value, $this->room, 'UTF-8');
    }

    /**
     * A cell.
     *
     * @param string $value
     * @return string
     */
    private function cell(string $value): string {
        if (!$this->takescontrols) {
            $value = preg_replace_callback(
                '/[\x00-\x08\x0B-\x1F\x7F]/',
                static fn(array $found): string => $found[0] === "\x7F" ? "\u{2421}" : mb_chr(0x2400 + ord($found[0]), 'UTF-8'),
                $value
            );
        }
        if ($this->ismarkup) {
            return nl2br(s($value), false);
        }
        $isformula = preg_match(self::FORMULA, $value) === 1 && preg_match(self::NUMBER, $value) !== 1;
        return $this->isspreadsheet && $isformula ? "'{$value}" : $value;
    }
}
