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

use local_externalscormbridge\event\package_check_failed;
use local_externalscormbridge\event\package_checked;

/**
 * Looks whether a package on its CDN is still what it was.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class refresher {
    /**
     * Checks one package. A changed manifest is taken over at once, with the ids of SCOs that stay; a package that
     * cannot be reached or read stays as it was.
     *
     * @param package $package
     * @return string|null reason code of what went wrong, null if nothing did
     */
    public static function refresh(package $package): ?string {
        try {
            $probe = prober::ask($package->cdnurl);
        } catch (\Scormbridge\Exception $e) {
            store::checked($package->scormid, $e->reason);
            package_check_failed::of($package, $e)->trigger();
            return $e->reason;
        }
        if ($probe['manifest_sha256'] !== $package->manifesthash || $probe['manifest_url'] !== $package->manifesturl) {
            installer::install($package->scormid, $package->cdnurl, $probe);
            return null;
        }
        // The same tree; how it can be delivered may still have changed.
        $fresh = package::from_probe($package->scormid, $package->cdnurl, $probe, time());
        store::save($fresh);
        if ($fresh->delivery !== $package->delivery || $package->checkreason !== null) {
            package_checked::of($fresh)->trigger();
        }
        return null;
    }
}
