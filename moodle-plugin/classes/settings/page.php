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

namespace local_externalscormbridge\settings;

use local_externalscormbridge\config;
use local_externalscormbridge\gateway_options;

/**
 * The settings page, setting by setting.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class page {
    /**
     * Adds every setting to the page.
     *
     * @param \admin_settingpage $page
     */
    public static function fill(\admin_settingpage $page): void {
        $groups = [
            'sources' => [self::allowlist(), self::ports(), self::number('maxurllength', 100, 8192)],
            'delivery' => [self::delivery(), self::content_host()],
            'limits' => [
                self::number('connecttimeout', 1, 60),
                self::number('readtimeout', 1, 300),
                self::number('totaltimeout', 1, 600),
                self::number('probetimeout', 1, 600),
                self::number('playertimeout', 5, 300),
                self::number('maxmanifestmb', 1, 64),
                self::number('maxfilemb', 1, 65536),
            ],
            'saving' => [
                self::number('savinginterval', 100, 60000),
                self::number('committimeout', 5, 300),
                self::duration('sessiontimeout', HOURSECS, 0),
            ],
            'privacy' => [self::seal_scope()],
            'upkeep' => [
                self::duration('checkinterval', HOURSECS),
                self::package_changes(),
                self::duration('launchlifetime', DAYSECS),
                self::duration('historylifetime', DAYSECS, 0),
                self::duration('exportlifetime', DAYSECS, HOURSECS),
            ],
            'core' => [self::service_address(), self::secret_file()],
            'development' => [self::development()],
        ];
        $page->add(new \admin_setting_description(
            config::COMPONENT . '/diagnose',
            '',
            \html_writer::link(
                new \moodle_url('/local/externalscormbridge/diagnose.php'),
                get_string('settings_diagnose', config::COMPONENT)
            )
        ));
        foreach ($groups as $group => $settings) {
            $page->add(new \admin_setting_heading(
                config::COMPONENT . "/{$group}heading",
                self::text("settings_{$group}"),
                self::text("settings_{$group}_desc")
            ));
            foreach ($settings as $setting) {
                $setting->set_updatedcallback([gateway_options::class, 'refresh']);
                $page->add($setting);
            }
        }
    }

    /**
     * Hosts that packages may come from.
     *
     * @return \admin_setting
     */
    private static function allowlist(): \admin_setting {
        return new allowlist(...self::common('allowlist'));
    }

    /**
     * Ports other than the default one.
     *
     * @return \admin_setting
     */
    private static function ports(): \admin_setting {
        return new ports(...self::common('ports'));
    }

    /**
     * Order of delivery modes. Leaving a mode out switches it off.
     *
     * @return \admin_setting
     */
    private static function delivery(): \admin_setting {
        return new \admin_setting_configselect(...[...self::common('delivery'), self::delivery_choices()]);
    }

    /**
     * Second host name.
     *
     * @return \admin_setting
     */
    private static function content_host(): \admin_setting {
        return new content_host(...self::common('contenthost'));
    }

    /**
     * Where the local service is.
     *
     * @return \admin_setting
     */
    private static function service_address(): \admin_setting {
        return new service_address(...self::common('serviceaddress'));
    }

    /**
     * What it is shared with.
     *
     * @return \admin_setting
     */
    private static function secret_file(): \admin_setting {
        return new secret_file(...self::common('servicesecretfile'));
    }

    /**
     * Classes of tracks that are sealed.
     *
     * @return \admin_setting
     */
    private static function seal_scope(): \admin_setting {
        $choices = [];
        foreach (config::SEALABLE_CLASSES as $class) {
            $choices[$class] = self::text("sealscope_{$class}");
        }
        $default = array_fill_keys(explode(',', config::DEFAULTS['sealscope']), 1);
        [$name, $title, $description] = self::common('sealscope');
        return new \admin_setting_configmulticheckbox($name, $title, $description, $default, $choices);
    }

    /**
     * What becomes of a package that has changed.
     *
     * @return \admin_setting
     */
    private static function package_changes(): \admin_setting {
        $choices = [];
        foreach ([config::CHANGES_WAIT, config::CHANGES_FOLLOWED] as $choice) {
            $choices[$choice] = self::text("packagechanges_{$choice}");
        }
        return new \admin_setting_configselect(...[...self::common('packagechanges'), $choices]);
    }

    /**
     * Development switch.
     *
     * @return \admin_setting
     */
    private static function development(): \admin_setting {
        return new \admin_setting_configcheckbox(...self::common('devmode'));
    }

    /**
     * A whole number within bounds.
     *
     * @param string $name
     * @param int $minimum
     * @param int $maximum
     * @return \admin_setting
     */
    private static function number(string $name, int $minimum, int $maximum): \admin_setting {
        return new bounded_number(...[...self::common($name), $minimum, $maximum]);
    }

    /**
     * A length of time.
     *
     * @param string $name
     * @param int $unit default unit in seconds
     * @param int $minimum shortest time in seconds
     * @return \admin_setting
     */
    private static function duration(string $name, int $unit, int $minimum = MINSECS): \admin_setting {
        $setting = new \admin_setting_configduration(...[...self::common($name), $unit]);
        $setting->set_min_duration($minimum);
        return $setting;
    }

    /**
     * Name, title, description and default, which every setting has.
     *
     * @param string $name
     * @return array
     */
    private static function common(string $name): array {
        return [
            config::COMPONENT . "/{$name}",
            self::text($name),
            self::text("{$name}_desc"),
            config::DEFAULTS[$name],
        ];
    }

    /**
     * Every order of every choice of modes, as stored text and as words.
     *
     * @return array
     */
    private static function delivery_choices(): array {
        $choices = [];
        foreach (self::arrangements(config::DELIVERY_MODES) as $modes) {
            $words = array_map(static fn(string $mode): string => get_string("delivery_{$mode}", config::COMPONENT), $modes);
            $choices[implode(',', $modes)] = implode(', ', $words);
        }
        return $choices;
    }

    /**
     * All arrangements of one or more of some items, longest first.
     *
     * @param string[] $items
     * @return string[][]
     */
    private static function arrangements(array $items): array {
        $found = [];
        foreach ($items as $index => $item) {
            $rest = $items;
            unset($rest[$index]);
            $found[] = [$item];
            foreach (self::arrangements($rest) as $tail) {
                $found[] = [$item, ...$tail];
            }
        }
        usort($found, static fn(array $a, array $b): int => count($b) <=> count($a));
        return $found;
    }

    /**
     * A string of this plugin, looked up when shown.
     *
     * @param string $name
     * @return \lang_string
     */
    private static function text(string $name): \lang_string {
        return new \lang_string($name, config::COMPONENT);
    }
}
