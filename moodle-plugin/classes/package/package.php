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
 * The CDN package of one SCORM activity, as it was found at its last good check.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class package {
    /**
     * Constructor.
     *
     * @param int $scormid the activity, scorm.id
     * @param string $cdnurl the URL as the instructor entered it
     * @param string $manifesturl where the manifest was found
     * @param string $baseurl folder of the manifest, ending in a slash
     * @param string $manifesthash SHA-256 of the manifest, hexadecimal
     * @param string $version 1.2 or 2004
     * @param array $delivery by wire name of the mode: usable, and the reason where it is not
     * @param array $warnings what the check found odd but usable
     * @param string|null $checkreason reason code of the last check if it failed
     * @param int $timechecked when the CDN was last asked
     * @param string|null $edition of SCORM 2004, if the manifest tells: 2nd, 3rd or 4th
     * @param array $checkdetails placeholders of the reason's message
     */
    public function __construct(
        /** @var int the activity, scorm.id */
        public readonly int $scormid,
        /** @var string the URL as the instructor entered it */
        public readonly string $cdnurl,
        /** @var string where the manifest was found */
        public readonly string $manifesturl,
        /** @var string folder of the manifest, ending in a slash */
        public readonly string $baseurl,
        /** @var string SHA-256 of the manifest, hexadecimal */
        public readonly string $manifesthash,
        /** @var string 1.2 or 2004 */
        public readonly string $version,
        /** @var array by wire name of the mode: usable, and the reason where it is not */
        public readonly array $delivery,
        /** @var array what the check found odd but usable */
        public readonly array $warnings,
        /** @var string|null reason code of the last check if it failed */
        public readonly ?string $checkreason,
        /** @var int when the CDN was last asked */
        public readonly int $timechecked,
        /** @var string|null of SCORM 2004, if the manifest tells: 2nd, 3rd or 4th */
        public readonly ?string $edition = null,
        /** @var array placeholders of the reason's message */
        public readonly array $checkdetails = []
    ) {
    }

    /**
     * What a probe of the extension found.
     *
     * @param int $scormid
     * @param string $cdnurl
     * @param array $probe
     * @param int $now
     * @return self
     */
    public static function from_probe(int $scormid, string $cdnurl, array $probe, int $now): self {
        return new self(
            $scormid,
            $cdnurl,
            $probe['manifest_url'],
            $probe['base_url'],
            $probe['manifest_sha256'],
            $probe['version'],
            $probe['delivery'],
            $probe['warnings'],
            null,
            $now,
            $probe['edition'] ?? null
        );
    }

    /**
     * A row of the plugin's table.
     *
     * @param \stdClass $record
     * @return self
     */
    public static function from_record(\stdClass $record): self {
        return new self(
            (int) $record->scormid,
            $record->cdnurl,
            $record->manifesturl,
            $record->baseurl,
            $record->manifesthash,
            $record->version,
            json_decode($record->delivery, true) ?: [],
            json_decode($record->warnings, true) ?: [],
            $record->checkreason,
            (int) $record->timechecked,
            $record->edition ?? null,
            json_decode($record->checkdetails ?? '', true) ?: []
        );
    }

    /**
     * The row to store.
     *
     * @return \stdClass without id and timestamps of the row
     */
    public function to_record(): \stdClass {
        return (object) [
            'scormid' => $this->scormid,
            'cdnurl' => $this->cdnurl,
            'manifesturl' => $this->manifesturl,
            'baseurl' => $this->baseurl,
            'manifesthash' => $this->manifesthash,
            'version' => $this->version,
            'edition' => $this->edition,
            'delivery' => json_encode($this->delivery, JSON_THROW_ON_ERROR | JSON_UNESCAPED_SLASHES),
            'warnings' => json_encode($this->warnings, JSON_THROW_ON_ERROR | JSON_UNESCAPED_SLASHES),
            'checkreason' => $this->checkreason,
            'checkdetails' => null,
            'timechecked' => $this->timechecked,
        ];
    }

    /**
     * What mod_scorm keeps as the reference of an external package. Its column holds 255 characters, the CDN URL may
     * hold more; nothing of the player depends on it.
     *
     * @return string
     */
    public function reference(): string {
        return self::reference_for($this->manifesturl);
    }

    /**
     * The same before there is a package.
     *
     * @param string $manifesturl
     * @return string
     */
    public static function reference_for(string $manifesturl): string {
        return \core_text::strlen($manifesturl) <= 255 ? $manifesturl : '';
    }
}
