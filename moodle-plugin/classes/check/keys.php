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

namespace local_externalscormbridge\check;

use local_externalscormbridge\diagnosis\check;
use local_externalscormbridge\diagnosis\finding;
use local_externalscormbridge\keyring;

/**
 * Whether the site's keys can be opened and used.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class keys extends check {
    /**
     * Whether it cannot be answered without the extension.
     *
     * @return bool
     */
    protected function needs_engine(): bool {
        return true;
    }

    /**
     * Looks.
     *
     * @return finding
     */
    protected function look(): finding {
        $sentences = [];
        $closed = [];
        foreach (keyring::RINGS as $ring) {
            if (!keyring::exists($ring)) {
                continue;
            }
            try {
                $keys = keyring::load($ring);
                $vault = new \Scormbridge\Vault($keys['keys'], $keys['current']);
                $vault->open($vault->seal('diagnosis', [$ring]), [$ring]);
                $sentences[] = self::of_ring($ring);
            } catch (\Throwable $e) {
                $closed[] = self::text("keys_{$ring}") . ' (' . $e->getMessage() . ')';
            }
        }
        if ($closed !== []) {
            return finding::critical(self::text('keys_closed', implode(', ', $closed)), self::text('keys_closed_do'));
        }
        return $sentences === [] ? finding::info(self::text('keys_none')) : finding::ok(implode(' ', $sentences));
    }

    /**
     * Which key of a ring is used, and how old it is.
     *
     * @param string $ring
     * @return string
     */
    private static function of_ring(string $ring): string {
        $keys = keyring::load($ring);
        $made = keyring::made($ring);
        return self::text('keys_ring', (object) [
            'ring' => self::text("keys_{$ring}"),
            'current' => $keys['current'],
            'count' => count($keys['keys']),
            'made' => $made === null
                ? self::text('keys_age_unknown')
                : userdate($made, get_string('strftimedate', 'core_langconfig')),
        ]);
    }
}
