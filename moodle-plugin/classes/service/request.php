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

namespace local_externalscormbridge\service;

/**
 * The arguments of a call as the service reads them: a line of JSON, then the texts.
 *
 * A text travels as its length in the line and its bytes behind it, whatever they are; see docs/protocol.md.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class request {
    /** Deepest array that is looked into; the service reads less. */
    private const MAX_DEPTH = 16;

    /** Array elements that are looked at; the service reads fewer. */
    private const MAX_ITEMS = 250_000;

    /** @var string[] what is sent, in its order */
    private array $parts;

    /** @var int part that is being sent */
    private int $part = 0;

    /** @var int bytes of it that were sent */
    private int $sent = 0;

    /** @var int elements that may still be looked at */
    private int $items = self::MAX_ITEMS;

    /**
     * Constructor.
     *
     * @param array $arguments of the function, in the order of its signature
     */
    public function __construct(array $arguments) {
        $values = [];
        $texts = [];
        foreach ($arguments as $argument) {
            if (is_string($argument)) {
                $texts[] = $argument;
                $argument = strlen($argument);
            }
            $values[] = $this->value($argument, 0);
        }
        $flags = JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE | JSON_PRESERVE_ZERO_FRACTION | JSON_THROW_ON_ERROR;
        $this->parts = [json_encode($values, $flags) . "\n", ...$texts];
    }

    /**
     * Bytes of all of it.
     *
     * @return int
     */
    public function length(): int {
        return array_sum(array_map('strlen', $this->parts));
    }

    /**
     * The next bytes. What is large is never copied as a whole.
     *
     * @param int $length at most so many
     * @return string empty at the end
     */
    public function read(int $length): string {
        while ($this->part < count($this->parts)) {
            $bytes = substr($this->parts[$this->part], $this->sent, $length);
            if ($bytes !== '') {
                $this->sent += strlen($bytes);
                return $bytes;
            }
            $this->part++;
            $this->sent = 0;
        }
        return '';
    }

    /**
     * Starts anew, to be sent once more.
     */
    public function rewind(): void {
        $this->part = 0;
        $this->sent = 0;
    }

    /**
     * A value that JSON has a form for. Where it has none, a mark takes its place, which the service refuses with the
     * place: that is for its rules to say, not for ours.
     *
     * @param mixed $value
     * @param int $depth
     * @return mixed
     */
    private function value(mixed $value, int $depth): mixed {
        return match (true) {
            is_array($value) => $this->table($value, $depth + 1),
            is_string($value) => self::is_text($value) ? $value : self::mark('encoding'),
            is_float($value) => is_finite($value) ? $value : self::mark('other'),
            is_object($value) => self::mark('object'),
            is_int($value), is_bool($value), $value === null => $value,
            default => self::mark('other'),
        };
    }

    /**
     * An array. One that is too deep or too large for the service is cut off where it surely refuses it, so that an array
     * that contains itself ends.
     *
     * @param array $table
     * @param int $depth
     * @return array
     */
    private function table(array $table, int $depth): array {
        $values = [];
        foreach ($table as $key => $value) {
            if (is_string($key) && !self::is_text($key)) {
                return self::mark('encoding');
            }
            if ($this->items-- <= 0 || $depth > self::MAX_DEPTH) {
                break;
            }
            $values[$key] = $this->value($value, $depth);
        }
        return $values;
    }

    /**
     * Whether bytes are UTF-8.
     *
     * @param string $bytes
     * @return bool
     */
    private static function is_text(string $bytes): bool {
        return preg_match('//u', $bytes) === 1;
    }

    /**
     * What stands for a value that JSON has no form for.
     *
     * @param string $what
     * @return array
     */
    private static function mark(string $what): array {
        return ["\0" => $what];
    }
}
