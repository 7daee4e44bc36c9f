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

use local_externalscormbridge\config;
use local_externalscormbridge\event\package_accepted;
use local_externalscormbridge\event\package_changed;
use local_externalscormbridge\event\package_check_failed;
use local_externalscormbridge\event\package_checked;

/**
 * Looks whether a package on its CDN is still what it was, and lets the activity follow it.
 *
 * A manifest that keeps the same SCOs, launched the same way and under the same rules, is taken over at once. Any other may
 * not fit what learners have done: while there are attempts it waits until somebody has seen the difference, unless the
 * site wants it otherwise.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class refresher {
    /** Seconds to wait for somebody else who is storing the same package. */
    private const PATIENCE = 30;

    /**
     * Checks one package.
     *
     * @param package $package
     * @return finding
     */
    public static function refresh(package $package): finding {
        return self::look($package, null);
    }

    /**
     * Takes a changed package over that somebody has reviewed, if the CDN still has that very manifest.
     *
     * @param package $package
     * @param string $reviewed SHA-256 of the manifest
     * @return finding waiting if the CDN has yet another one by now
     */
    public static function accept(package $package, string $reviewed): finding {
        return self::look($package, $reviewed);
    }

    /**
     * The same as refresh() for a package that was just looked at.
     *
     * @param package $package
     * @param array $probe what the extension found
     * @return finding
     */
    public static function follow(package $package, array $probe): finding {
        return self::judge($package, $probe, null);
    }

    /**
     * Asks the CDN.
     *
     * @param package $package
     * @param string|null $reviewed SHA-256 of a manifest that may be taken over
     * @return finding
     */
    private static function look(package $package, ?string $reviewed): finding {
        try {
            $probe = prober::ask($package->cdnurl);
        } catch (\Scormbridge\Exception $e) {
            store::check_failed($package->scormid, $e);
            package_check_failed::of($package, $e)->trigger();
            return new finding(finding::FAILED, store::find($package->scormid) ?? $package);
        }
        return self::judge($package, $probe, $reviewed);
    }

    /**
     * Decides what to do about what was found, one at a time for each activity.
     *
     * @param package $package as it was when the CDN was asked
     * @param array $probe
     * @param string|null $reviewed
     * @return finding
     */
    private static function judge(package $package, array $probe, ?string $reviewed): finding {
        $lock = \core\lock\lock_config::get_lock_factory(config::COMPONENT)
            ->get_lock("package-{$package->scormid}", self::PATIENCE);
        if (!$lock) {
            throw new \moodle_exception('package_busy', config::COMPONENT);
        }
        try {
            $current = store::find($package->scormid);
            if ($current === null || $current->cdnurl !== $package->cdnurl) {
                // By now the activity plays something else, which was looked at when it was chosen.
                return new finding(finding::UNCHANGED, $current ?? $package);
            }
            if ($probe['manifest_sha256'] === $current->manifesthash && $probe['manifest_url'] === $current->manifesturl) {
                return self::confirm($current, $probe);
            }
            return self::change($current, $probe, $reviewed);
        } finally {
            $lock->release();
        }
    }

    /**
     * The same tree; how it can be delivered may still have changed.
     *
     * @param package $current
     * @param array $probe
     * @return finding
     */
    private static function confirm(package $current, array $probe): finding {
        $fresh = package::from_probe($current->scormid, $current->cdnurl, $probe, time());
        store::save($fresh);
        pending::forget($current->scormid);
        if ($fresh->delivery !== $current->delivery || $current->checkreason !== null) {
            package_checked::of($fresh)->trigger();
        }
        return new finding(finding::UNCHANGED, $fresh);
    }

    /**
     * Another manifest: takes it over, or keeps it for review.
     *
     * @param package $current
     * @param array $probe
     * @param string|null $reviewed
     * @return finding
     */
    private static function change(package $current, array $probe, ?string $reviewed): finding {
        global $DB;

        $scorm = $DB->get_record('scorm', ['id' => $current->scormid], '*', MUST_EXIST);
        $difference = difference::between($scorm, $probe['tree']);
        $learners = $difference->is_structural() ? learners::of_activity($current->scormid) : 0;
        $accepted = $reviewed === $probe['manifest_sha256'];
        if ($accepted || $learners === 0 || !(new config())->changes_wait()) {
            $known = pending::find($current->scormid)?->hash() === $probe['manifest_sha256'];
            $package = installer::install($current->scormid, $current->cdnurl, $probe);
            if ($accepted) {
                package_accepted::of($package)->trigger();
            } else if (!$known) {
                package_changed::of($current, $probe['manifest_sha256'], false)->trigger();
            }
            if ($learners > 0 && !$accepted) {
                change_notice::send($scorm, $learners, false);
            }
            return new finding(finding::TAKEN, $package, $difference);
        }
        store::checked($current->scormid);
        if (pending::keep($current->scormid, $probe)) {
            package_changed::of($current, $probe['manifest_sha256'], true)->trigger();
            change_notice::send($scorm, $learners, true);
        }
        return new finding(finding::WAITING, store::find($current->scormid), $difference);
    }
}
