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

namespace local_externalscormbridge;

defined('MOODLE_INTERNAL') || die();

global $CFG;
require_once("{$CFG->libdir}/adminlib.php");

/**
 * Settings refuse what would stop every launch.
 *
 * @covers \local_externalscormbridge\settings\page
 * @covers \local_externalscormbridge\settings\allowlist
 * @covers \local_externalscormbridge\settings\ports
 * @covers \local_externalscormbridge\settings\content_host
 * @covers \local_externalscormbridge\settings\submitted
 * @covers \local_externalscormbridge\settings\bounded_number
 * @covers \local_externalscormbridge\settings\service_address
 * @covers \local_externalscormbridge\settings\secret_file
 * @covers \local_externalscormbridge\config
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class settings_test extends \advanced_testcase {
    /**
     * The settings page, filled.
     *
     * @return \admin_setting[] by name
     */
    private function settings(): array {
        $page = new \admin_settingpage('test', 'Test');
        settings\page::fill($page);
        $settings = [];
        foreach ((array) $page->settings as $setting) {
            $settings[$setting->name] = $setting;
        }
        return $settings;
    }

    /**
     * Values and whether they are taken.
     *
     * @return array
     */
    public static function values(): array {
        return [
            ['allowlist', '', true],
            ['allowlist', "cdn.example.com\n*.example.org\ncdn.example.com:8443/courses # ours", true],
            ['allowlist', 'https://cdn.example.com', false],
            ['allowlist', "cdn.example.com\n*", false],
            ['allowlist', 'cdn.*.com', false],
            ['allowlist', '<script>alert(1)</script>', false],
            ['ports', '', true],
            ['ports', '8443, 9443', true],
            ['ports', '0', false],
            ['ports', '65536', false],
            ['ports', 'https', false],
            ['ports', '<script>', false],
            ['contenthost', '', true],
            ['contenthost', 'https://content.example.org', true],
            ['contenthost', 'https://content.example.org:8443/moodle/', true],
            ['contenthost', 'HTTPS://Content.Example.org:443', true],
            ['contenthost', 'http://content.example.org', false],
            ['contenthost', 'https://inhält.example.org', false],
            ['contenthost', 'https://www.example.com', false],
            ['contenthost', 'https://content.example.org/?a=b', false],
            ['contenthost', 'https://me@content.example.org', false],
            ['contenthost', 'content.example.org', false],
            ['serviceaddress', '', true],
            ['serviceaddress', '/run/scormbridge/core.sock', true],
            ['serviceaddress', 'http://127.0.0.1:8650', true],
            ['serviceaddress', 'http://127.255.0.9:1/', true],
            ['serviceaddress', 'http://[::1]:8650', true],
            ['serviceaddress', 'run/scormbridge.sock', false],
            ['serviceaddress', "/run/core\n.sock", false],
            ['serviceaddress', 'https://127.0.0.1:8650', false],
            ['serviceaddress', 'http://127.0.0.1', false],
            ['serviceaddress', 'http://127.0.0.1:65536', false],
            ['serviceaddress', 'http://127.0.0.1:8650/x', false],
            ['serviceaddress', 'http://127.0.0.1:8650@example.com:80', false],
            ['serviceaddress', 'http://127.0.0.256:8650', false],
            ['serviceaddress', 'http://localhost:8650', false],
            ['serviceaddress', 'http://10.0.0.1:8650', false],
            ['serviceaddress', 'http://core.example.com:8650', false],
            ['servicesecretfile', '', true],
            ['servicesecretfile', '/there/is/no/such/file', false],
            ['servicesecretfile', 'version.php', false],
            ['servicesecretfile', __FILE__, false],
            ['connecttimeout', '5', true],
            ['connecttimeout', '0', false],
            ['connecttimeout', '9999', false],
            ['connecttimeout', 'soon', false],
            ['connecttimeout', '5.5', false],
        ];
    }

    /**
     * A value is taken, or refused with a message that is shown as it was meant, and never as markup.
     *
     * @dataProvider values
     * @param string $name
     * @param string $value
     * @param bool $taken
     */
    public function test_validation(string $name, string $value, bool $taken): void {
        global $OUTPUT;

        $result = $this->settings()[$name]->validate($value);
        $this->assertSame($taken, $result === true, (string) $result);
        if (!$taken) {
            $this->assertStringNotContainsString('&', $result);
            $shown = $OUTPUT->render_from_template('core_admin/setting', ['error' => $result]);
            $this->assertStringContainsString(s($result), $shown);
            $this->assertStringNotContainsString('<script>', $shown);
        }
    }

    /**
     * What development mode is, what the page being saved makes of it, and whether a content host without https is taken.
     *
     * @return array
     */
    public static function development(): array {
        return [
            'on' => [1, null, true],
            'off' => [0, null, false],
            'being switched on' => [0, '1', true],
            'being switched off' => [1, '0', false],
        ];
    }

    /**
     * Development mode allows a content host without https, by the same click too; otherwise the message says so.
     *
     * @dataProvider development
     * @param int $stored
     * @param string|null $submitted
     * @param bool $taken
     */
    public function test_development_content_host(int $stored, ?string $submitted, bool $taken): void {
        $this->resetAfterTest();
        set_config('devmode', $stored, 'local_externalscormbridge');
        if ($submitted !== null) {
            $_POST = ['s_local_externalscormbridge_devmode' => $submitted];
        }
        $expected = $taken ? true : get_string('contenthost_http', 'local_externalscormbridge');
        $this->assertSame($expected, $this->settings()['contenthost']->validate('http://localhost:8000'));
        $_POST = [];
    }

    /**
     * Every setting has a default that it would take itself, a title and a description.
     */
    public function test_defaults(): void {
        $settings = $this->settings();
        foreach (config::DEFAULTS as $name => $default) {
            $this->assertArrayHasKey($name, $settings);
            $this->assertTrue(get_string_manager()->string_exists($name, 'local_externalscormbridge'), $name);
            $this->assertTrue(get_string_manager()->string_exists("{$name}_desc", 'local_externalscormbridge'), $name);
            if (method_exists($settings[$name], 'validate')) {
                $this->assertTrue($settings[$name]->validate($default), $name);
            }
        }
    }

    /**
     * Every order of every choice of delivery can be chosen.
     */
    public function test_orders_of_delivery(): void {
        $setting = $this->settings()['delivery'];
        $setting->load_choices();
        $this->assertCount(15, $setting->choices);
        $this->assertArrayHasKey('sandbox,direct', $setting->choices);
        $this->assertSame(config::DEFAULTS['delivery'], array_key_first($setting->choices));
    }
}
