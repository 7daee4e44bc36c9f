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
 * A changed package that waits for somebody to accept it, as it was found.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class pending {
    /** Table. */
    private const TABLE = 'local_externalscormbridge_pend';

    /** What is kept of a probe: enough to say what would change, and to know the very same manifest again. */
    private const KEPT = [
        'manifest_url', 'base_url', 'manifest_sha256', 'version', 'edition', 'tree', 'delivery', 'warnings',
    ];

    /**
     * Constructor.
     *
     * @param array $probe
     * @param int $timecreated
     */
    private function __construct(
        /** @var array what the extension found, as far as it is kept */
        public readonly array $probe,
        /** @var int when it was found first */
        public readonly int $timecreated
    ) {
    }

    /**
     * What waits for an activity.
     *
     * @param int $scormid
     * @return self|null
     */
    public static function find(int $scormid): ?self {
        global $DB;

        $record = $DB->get_record(self::TABLE, ['scormid' => $scormid]);
        return $record
            ? new self(json_decode($record->probe, true, 512, JSON_THROW_ON_ERROR), (int) $record->timecreated)
            : null;
    }

    /**
     * Keeps what a probe found until somebody has looked at it. The caller holds the lock of the package.
     *
     * @param int $scormid
     * @param array $probe
     * @return bool whether it is news
     */
    public static function keep(int $scormid, array $probe): bool {
        global $DB;

        $old = $DB->get_record(self::TABLE, ['scormid' => $scormid], 'id, manifesthash');
        if ($old && $old->manifesthash === $probe['manifest_sha256']) {
            return false;
        }
        $kept = array_intersect_key($probe, array_flip(self::KEPT));
        $transaction = $DB->start_delegated_transaction();
        self::forget($scormid);
        $DB->insert_record(self::TABLE, (object) [
            'scormid' => $scormid,
            'manifesthash' => $probe['manifest_sha256'],
            'probe' => json_encode($kept, JSON_THROW_ON_ERROR | JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE),
            'timecreated' => time(),
        ]);
        $transaction->allow_commit();
        return true;
    }

    /**
     * Nothing waits any more.
     *
     * @param int $scormid
     */
    public static function forget(int $scormid): void {
        global $DB;

        $DB->delete_records(self::TABLE, ['scormid' => $scormid]);
    }

    /**
     * What tells one manifest from another.
     *
     * @return string SHA-256, hexadecimal
     */
    public function hash(): string {
        return $this->probe['manifest_sha256'];
    }
}
