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

use core\dataformat;
use core\dataformat\base;
use core_files\archive_writer;
use local_externalscormbridge\history\sco_attempt;
use local_externalscormbridge\history\store as history;

/**
 * Writes an export to a file, an attempt at a SCO at a time: how much memory it takes does not depend on how many learners
 * there are, unless the format itself holds everything until its end, as PDF does.
 *
 * A file is written whole before anybody gets it, so that nobody takes half of one for all.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class document {
    /** Rows to a sheet; Excel has room for 1,048,576. What is more goes to a further sheet. */
    private const SHEET = 1000000;

    /** Rows in a format that holds all of them in memory. */
    private const HELD = ['pdf' => 5000];

    /** Formats with a single table to a file: of several parts they give several files in an archive. */
    private const SINGLE = ['csv'];

    /** Bytes of output that are gathered before they are written. */
    private const CHUNK = 65536;

    /** @var notation how values are written down */
    private readonly notation $notation;

    /** @var int attempts in all parts together */
    private readonly int $total;

    /** @var int rows written */
    private int $rows = 0;

    /** @var int attempts done, of all parts together */
    private int $done = 0;

    /**
     * Constructor.
     *
     * @param request $request
     * @param callable|null $progress called with the attempts done and the attempts in all; what it throws ends the export
     */
    private function __construct(
        /** @var request what is wanted */
        private readonly request $request,
        /** @var callable|null told how far it is */
        private readonly mixed $progress
    ) {
        $this->total = $request->selection->size()->attempts * count($request->parts);
        $this->notation = notation::for($request->format, dataformat::get_format_instance($request->format)->supports_html());
    }

    /**
     * Writes one.
     *
     * @param request $request
     * @param callable|null $progress called with the attempts done and the attempts in all; what it throws ends the export
     * @return string path of a temporary file, whose name is to be kept
     * @throws \moodle_exception if the format has no room for so much
     */
    public static function write(request $request, ?callable $progress = null): string {
        \core_php_time_limit::raise();
        raise_memory_limit(MEMORY_EXTRA);
        $document = new self($request, $progress);
        if (count($request->parts) === 1 || !in_array($request->format, self::SINGLE, true)) {
            return $document->file(make_request_directory() . '/' . $request->filename(), $request->parts);
        }
        $archive = archive_writer::get_file_writer($request->filename() . '.zip', archive_writer::ZIP_WRITER);
        foreach ($request->parts as $part) {
            $path = $document->file(make_request_directory() . "/{$part->value}", [$part]);
            $archive->add_file_from_filepath(basename($path), $path);
        }
        $archive->finish();
        return $archive->get_path_to_zip();
    }

    /**
     * Writes parts to one file.
     *
     * @param string $name path without an extension
     * @param part[] $parts
     * @return string path
     */
    private function file(string $name, array $parts): string {
        $format = dataformat::get_format_instance($this->request->format);
        $path = $name . $format->get_extension();
        $format->set_filepath($path);
        // What a format prints, Moodle would gather in memory up to its end.
        $prints = (new \ReflectionMethod($format, 'start_output_to_file'))->class === base::class;
        $file = $prints ? fopen($path, 'wb') : null;
        if ($prints) {
            ob_start(static function (string $chunk) use ($file): string {
                fwrite($file, $chunk);
                return '';
            }, self::CHUNK);
        }
        try {
            $prints ? $format->start_output() : $format->start_output_to_file();
            foreach ($parts as $part) {
                $this->sheets($format, $part);
            }
            $prints ? $format->close_output() : $format->close_output_to_file();
        } finally {
            if ($prints) {
                ob_end_flush();
                fclose($file);
            }
        }
        return $path;
    }

    /**
     * Writes a part: a sheet, or more where one has no room.
     *
     * @param base $format
     * @param part $part
     */
    private function sheets(base $format, part $part): void {
        $sheet = $part->sheet();
        $columns = $this->columns($part, $sheet);
        $limit = self::HELD[$this->request->format] ?? PHP_INT_MAX;
        $number = 0;
        $room = 0;
        foreach ($this->rows($part, $sheet) as $row) {
            if ($room === 0) {
                $this->begin($format, $part, $columns, ++$number);
                $room = self::SHEET;
            }
            if (++$this->rows > $limit) {
                throw new \moodle_exception('export_toolong', 'local_externalscormbridge', '', $limit);
            }
            $format->write_record($row, self::SHEET - $room--);
        }
        if ($number === 0) {
            $this->begin($format, $part, $columns, 1);
        }
        $format->close_sheet($columns);
    }

    /**
     * Begins a sheet.
     *
     * @param base $format
     * @param part $part
     * @param string[] $columns
     * @param int $number from 1; those before are ended
     */
    private function begin(base $format, part $part, array $columns, int $number): void {
        if ($number > 1) {
            $format->close_sheet($columns);
        }
        $format->set_sheettitle($part->label() . ($number > 1 ? " {$number}" : ''));
        $format->start_sheet($columns);
    }

    /**
     * The columns of a part. Those of JSON are for programs: the names of its members are the same in every language, and
     * the first of them tells what part a row is of.
     *
     * @param part $part
     * @param sheet $sheet
     * @return string[]
     */
    private function columns(part $part, sheet $sheet): array {
        $of = [
            'learner' => get_string('report_learner', 'local_externalscormbridge'),
            ...$this->request->selection->identity(),
            'userid' => get_string('export_userid', 'local_externalscormbridge'),
            'attempt' => get_string('report_attempt', 'local_externalscormbridge'),
            'sco' => get_string('report_sco', 'local_externalscormbridge'),
            'scoidentifier' => get_string('export_scoidentifier', 'local_externalscormbridge'),
            ...$sheet->columns(),
        ];
        if ($this->request->format === 'json') {
            return ['part', ...array_keys($of)];
        }
        return $this->notation->room === 0
            ? array_values($of)
            : [...array_values($of), get_string('export_piece', 'local_externalscormbridge')];
    }

    /**
     * The rows of a part.
     *
     * @param part $part
     * @param sheet $sheet
     * @return \Generator<string[]>
     */
    private function rows(part $part, sheet $sheet): \Generator {
        $selection = $this->request->selection;
        $identity = array_keys($selection->identity());
        $scoes = self::scoes($selection, $sheet->wants_all_scoes());
        $names = array_fill_keys(array_keys($sheet->columns()), '');
        foreach ($selection->attempts() as $attempt) {
            $whose = [
                ...($this->request->format === 'json' ? [$part->value] : []),
                fullname($attempt),
                ...array_map(static fn(string $field): string => (string) ($attempt->$field ?? ''), $identity),
                (string) $attempt->userid,
                (string) $attempt->attempt,
            ];
            foreach ($scoes as $sco) {
                $of = new sco_attempt(
                    (int) $selection->activity->scorm->id,
                    (int) $attempt->userid,
                    (int) $sco->id,
                    (int) $attempt->attempt
                );
                foreach ($sheet->rows($of) as $cells) {
                    $cells = array_intersect_key($cells, $names) + $names;
                    yield from $this->notation->rows([...$whose, $sco->title, $sco->identifier], array_replace($names, $cells));
                }
            }
            $this->done++;
            if ($this->progress !== null) {
                ($this->progress)($this->done, $this->total);
            }
        }
    }

    /**
     * The parts of the package, in their order, and those that it no longer has but once reported.
     *
     * @param selection $selection
     * @param bool $all whether those as well in which nothing can be played any more
     * @return \stdClass[] id, title, identifier
     */
    private static function scoes(selection $selection, bool $all): array {
        global $DB;

        $playable = $selection->activity->scoes();
        $conditions = ['scorm' => $selection->activity->scorm->id];
        $scoes = $DB->get_records('scorm_scoes', $conditions, 'sortorder, id', 'id, title, identifier');
        if (!$all) {
            return array_intersect_key($scoes, $playable);
        }
        $gone = get_string('export_gone', 'local_externalscormbridge');
        foreach (array_diff(history::scoes((int) $conditions['scorm']), array_keys($scoes)) as $id) {
            $scoes[$id] = (object) ['id' => $id, 'title' => $gone, 'identifier' => ''];
        }
        return $scoes;
    }
}
