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

namespace local_externalscormbridge\rotation;

use local_externalscormbridge\keyring;

/**
 * Seals with the current key what older keys have sealed.
 *
 * Learners may play meanwhile: each value is replaced for itself, and only if it is still the one that was read. What was
 * done is seen from the values, so that a run that was cut off is simply begun again. A value that cannot be opened is left
 * as it is.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class resealer {
    /** Values that are read at once; one has 1 MiB at most. */
    private const BATCH = 50;

    /** @var int values sealed anew, or that would be */
    public int $resealed = 0;

    /** @var int values that cannot be opened */
    public int $unopened = 0;

    /** @var int values that somebody else has changed meanwhile */
    public int $changed = 0;

    /** @var bool whether all values were seen */
    public bool $complete = true;

    /**
     * Constructor.
     *
     * @param bool $dryrun whether nothing is to be changed
     * @param int|null $limit values to seal anew at most
     * @param \Closure|null $progress called after each batch with the place and this
     */
    public function __construct(
        /** @var bool whether nothing is to be changed */
        private readonly bool $dryrun = false,
        /** @var int|null values to seal anew at most */
        private readonly ?int $limit = null,
        /** @var \Closure|null called after each batch */
        private readonly ?\Closure $progress = null
    ) {
    }

    /**
     * Goes through all values.
     *
     * @return self
     */
    public function run(): self {
        $ring = keyring::load(keyring::DATA);
        $vault = new \Scormbridge\Vault($ring['keys'], $ring['current']);
        foreach (place::all() as $place) {
            $after = 0;
            while ($rows = $place->next($ring['current'], $after, self::BATCH)) {
                foreach ($rows as $row) {
                    if ($this->limit !== null && $this->resealed >= $this->limit) {
                        $this->complete = false;
                        return $this;
                    }
                    $this->reseal($vault, $place, $row);
                    $after = (int) $row->id;
                }
                if ($this->progress !== null) {
                    ($this->progress)($place, $this);
                }
            }
        }
        return $this;
    }

    /**
     * Seals one value anew.
     *
     * @param \Scormbridge\Vault $vault
     * @param place $place
     * @param \stdClass $row
     */
    private function reseal(\Scormbridge\Vault $vault, place $place, \stdClass $row): void {
        $context = $place->bound_to($row);
        try {
            $plain = $vault->open($row->sealed, $context);
        } catch (\Scormbridge\SealException $e) {
            $this->unopened++;
            return;
        }
        if ($this->dryrun || $place->replace($row, $vault->seal($plain, $context))) {
            $this->resealed++;
        } else {
            $this->changed++;
        }
    }
}
