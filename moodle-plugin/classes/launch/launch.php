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

/**
 * One start of one SCO by one learner, as stored.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class launch {
    /**
     * Constructor.
     *
     * @param string $token names the launch on the wire, 32 hexadecimal digits
     * @param int $scormid
     * @param int $scoid
     * @param int $userid
     * @param int $attempt the attempt's number
     * @param string $mode normal, browse or review
     * @param string $delivery direct, host or sandbox
     * @param int $lastseq last journal entry stored
     * @param string $status ready, running or terminated
     * @param array $carry what the data model remembers between two commits
     * @param int $id of the record; a newer launch has a greater one
     * @param int|null $clock the learner's clock at the first entry, in milliseconds
     * @param int $timecreated
     */
    public function __construct(
        /** @var string names the launch on the wire, 32 hexadecimal digits */
        public readonly string $token,
        /** @var int the activity */
        public readonly int $scormid,
        /** @var int the SCO */
        public readonly int $scoid,
        /** @var int the learner */
        public readonly int $userid,
        /** @var int the attempt's number */
        public readonly int $attempt,
        /** @var string normal, browse or review */
        public readonly string $mode,
        /** @var string direct, host or sandbox */
        public readonly string $delivery,
        /** @var int last journal entry stored */
        public readonly int $lastseq = 0,
        /** @var string ready, running or terminated */
        public readonly string $status = 'ready',
        /** @var array what the data model remembers between two commits */
        public readonly array $carry = [],
        /** @var int of the record; a newer launch has a greater one */
        public readonly int $id = 0,
        /** @var int|null the learner's clock at the first entry, in milliseconds */
        public readonly ?int $clock = null,
        /** @var int when it began */
        public readonly int $timecreated = 0
    ) {
    }

    /**
     * How far the launch has come, as the data model takes it.
     *
     * @return array
     */
    public function session(): array {
        $session = ['last_seq' => $this->lastseq, 'status' => $this->status];
        return $this->carry === [] ? $session : $session + ['carry' => $this->carry];
    }

    /**
     * The launch after some entries were replayed.
     *
     * @param array $session as the data model gives it
     * @param int|null $clock the learner's clock at the first of them, where this launch has none yet
     * @return self
     */
    public function after(array $session, ?int $clock = null): self {
        return new self(
            $this->token,
            $this->scormid,
            $this->scoid,
            $this->userid,
            $this->attempt,
            $this->mode,
            $this->delivery,
            (int) $session['last_seq'],
            $session['status'],
            $session['carry'] ?? [],
            $this->id,
            $this->clock ?? $clock,
            $this->timecreated
        );
    }
}
