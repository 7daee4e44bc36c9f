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

namespace local_externalscormbridge\tracking;

use local_externalscormbridge\config;
use local_externalscormbridge\keyring;

/**
 * Seals and opens the values of one attempt at one SCO.
 *
 * A sealed value is bound to its learner, SCO, attempt and element: moved to another row it does not open.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class sealer {
    /** How sealed values begin. A plain value that begins so is always sealed. */
    public const PREFIX = 'esb1:';

    /** @var \Scormbridge\Vault|null made when the first value needs it */
    private ?\Scormbridge\Vault $vault = null;

    /** @var string[] classes that are sealed */
    private readonly array $classes;

    /**
     * Constructor.
     *
     * @param int $scormid
     * @param int $userid
     * @param int $scoid
     * @param int $attempt
     */
    public function __construct(
        /** @var int the activity */
        private readonly int $scormid,
        /** @var int the learner */
        private readonly int $userid,
        /** @var int the SCO */
        private readonly int $scoid,
        /** @var int the attempt's number */
        private readonly int $attempt
    ) {
        $this->classes = (new config())->sealed_classes();
    }

    /**
     * The value as it is to be stored. Sealed are the classes that the site says, and a learner's text that looks like a
     * sealed value, which would otherwise be misread.
     *
     * The name of an objective is the author's, not the learner's, and stays plain: mod_scorm's report of objectives has a
     * column for each name, and would have one for each learner's.
     *
     * @param string $element storage name
     * @param string $value
     * @param string $class class of the element, from the data model
     * @return string
     */
    public function seal(string $element, string $value, string $class): string {
        $ischosen = in_array($class, $this->classes, true) && !($class === 'objective' && str_ends_with($element, '.id'));
        if (!self::looks_sealed($value) && ($value === '' || !$ischosen)) {
            return $value;
        }
        return $this->seal_always($element, $value);
    }

    /**
     * The value sealed, whatever the site says.
     *
     * @param string $element storage name
     * @param string $value
     * @return string
     */
    public function seal_always(string $element, string $value): string {
        return $this->vault()->seal($value, $this->context($element));
    }

    /**
     * The value as the learner gave it.
     *
     * @param string $element storage name
     * @param string $stored
     * @return string
     * @throws \Scormbridge\SealException if it was tampered with or its key is gone
     */
    public function open(string $element, string $stored): string {
        if (!self::looks_sealed($stored)) {
            return $stored;
        }
        return $this->vault()->open($stored, $this->context($element));
    }

    /**
     * Whether a stored value was sealed. Its beginning is enough: one that was cut off is still none that a learner wrote.
     *
     * @param string $stored
     * @return bool
     */
    public static function looks_sealed(string $stored): bool {
        return str_starts_with($stored, self::PREFIX);
    }

    /**
     * What the values of this SCO are bound to.
     *
     * @param string $element
     * @return string[]
     */
    private function context(string $element): array {
        return self::bound_to($this->scormid, $this->userid, $this->scoid, $this->attempt, $element);
    }

    /**
     * What a value is bound to. The order is part of the format, see docs/protocol.md.
     *
     * @param int $scormid
     * @param int $userid
     * @param int $scoid
     * @param int $attempt
     * @param string $element
     * @return string[]
     */
    public static function bound_to(int $scormid, int $userid, int $scoid, int $attempt, string $element): array {
        return [(string) $scormid, (string) $userid, (string) $scoid, (string) $attempt, $element];
    }

    /**
     * The vault with the site's keys.
     *
     * @return \Scormbridge\Vault
     */
    private function vault(): \Scormbridge\Vault {
        if ($this->vault === null) {
            $ring = keyring::load(keyring::DATA);
            $this->vault = new \Scormbridge\Vault($ring['keys'], $ring['current']);
        }
        return $this->vault;
    }
}
