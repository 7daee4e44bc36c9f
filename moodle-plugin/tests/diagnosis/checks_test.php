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

namespace local_externalscormbridge\diagnosis;

use core\check\result;
use local_externalscormbridge\check;
use local_externalscormbridge\config;
use local_externalscormbridge\fixtures\cdn_activity;
use local_externalscormbridge\fixtures\quiet_host;
use local_externalscormbridge\keyring;
use local_externalscormbridge\results\due;
use local_externalscormbridge\tracking\kept_values;

defined('MOODLE_INTERNAL') || die();

require_once(__DIR__ . '/../fixtures/cdn_activity.php');
require_once(__DIR__ . '/../fixtures/quiet_host.php');

/**
 * Each check says what is so, and finds what is wrong.
 *
 * @covers \local_externalscormbridge\diagnosis\check
 * @covers \local_externalscormbridge\diagnosis\checks
 * @covers \local_externalscormbridge\diagnosis\finding
 * @covers \local_externalscormbridge\diagnosis\own_host
 * @covers \local_externalscormbridge\check\allowlist
 * @covers \local_externalscormbridge\check\clock
 * @covers \local_externalscormbridge\check\contenthost
 * @covers \local_externalscormbridge\check\delivery
 * @covers \local_externalscormbridge\check\development
 * @covers \local_externalscormbridge\check\engine
 * @covers \local_externalscormbridge\check\gateway
 * @covers \local_externalscormbridge\check\history
 * @covers \local_externalscormbridge\check\isolation
 * @covers \local_externalscormbridge\check\keptvalues
 * @covers \local_externalscormbridge\check\keys
 * @covers \local_externalscormbridge\check\network
 * @covers \local_externalscormbridge\check\packages
 * @covers \local_externalscormbridge\check\php
 * @covers \local_externalscormbridge\check\results
 * @covers \local_externalscormbridge\check\sandbox
 * @covers \local_externalscormbridge\check\tasks
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class checks_test extends \advanced_testcase {
    use cdn_activity;

    /** Content host of the tests. */
    private const HOST = 'https://content.example.net';

    /**
     * Sets a setting of the plugin's.
     *
     * @param string $name
     * @param mixed $value
     */
    private function set(string $name, mixed $value): void {
        set_config($name, $value, config::COMPONENT);
    }

    /**
     * The answer of a gateway that works.
     *
     * @param array<string, string> $headers other headers
     * @return answer
     */
    private static function good(array $headers = []): answer {
        return new answer(200, $headers + [
            'content-security-policy' => "frame-ancestors 'self' https://www.example.com",
            'x-content-type-options' => 'nosniff',
            'permissions-policy' => 'unload=*',
            'content-length' => '5',
            'date' => gmdate('D, d M Y H:i:s') . ' GMT',
        ], 'relay');
    }

    /**
     * Every check has a name, an answer and a place of its own; none of its texts is missing.
     */
    public function test_all_checks_answer(): void {
        $this->resetAfterTest();
        $this->setAdminUser();
        $ids = [];
        foreach (checks::all() as $check) {
            if ($check instanceof check\gateway || $check instanceof check\clock || $check instanceof check\isolation) {
                $check = new $check(new quiet_host(new answer(0, [], '', 'no network in tests')));
            }
            $ids[] = $check->get_id();
            $result = $check->get_result();
            $this->assertStringNotContainsString('[[', $check->get_name() . $result->get_summary() . $result->get_details());
            $this->assertNotSame('', $result->get_summary(), $check->get_id());
            $this->assertInstanceOf(\moodle_url::class, $check->get_action_link()->url);
            $this->assertStringStartsWith('local_externalscormbridge_', $check->get_ref());
        }
        $this->assertSame($ids, array_unique($ids));
    }

    /**
     * Moodle's own reports show them: each in one of the two.
     */
    public function test_moodles_reports_show_them(): void {
        $refs = [];
        foreach (['status', 'security'] as $type) {
            foreach (\core\check\manager::get_checks($type) as $check) {
                if ($check->get_component() === config::COMPONENT) {
                    $refs[] = $check->get_ref();
                }
            }
        }
        $this->assertCount(count(checks::all()), array_unique($refs));
    }

    /**
     * A check that fails is a finding, and its error is not markup.
     */
    public function test_a_failing_check_is_a_finding(): void {
        $check = new class extends \local_externalscormbridge\diagnosis\check {
            /**
             * Fails.
             *
             * @return finding
             */
            protected function look(): finding {
                throw new \Error('<b>broken</b>');
            }
        };
        $result = $check->get_result();
        $this->assertSame(result::ERROR, $result->get_status());
        $this->assertStringContainsString('&lt;b&gt;broken', $result->get_summary());
    }

    /**
     * The worst finding counts.
     */
    public function test_the_worst_counts(): void {
        $this->assertSame(result::NA, checks::worst([]));
        $this->assertSame(result::INFO, checks::worst([finding::ok(''), finding::info(''), finding::not_applicable('')]));
        $this->assertSame(result::CRITICAL, checks::worst([finding::critical(''), finding::error(''), finding::warning('')]));
    }

    /**
     * Versions of extension and plugin, and what is said of them.
     */
    public function test_engine(): void {
        $this->assertSame(result::OK, (new check\engine())->finding()->status);
        $this->assertSame(result::OK, check\engine::judge(['version' => '1.2.9', 'protocol' => 1], '1.2.0')->status);
        $this->assertSame(result::WARNING, check\engine::judge(['version' => '1.3.0', 'protocol' => 1], '1.2.0')->status);
        $this->assertSame(result::ERROR, check\engine::judge(['version' => '1.2.0', 'protocol' => 2], '1.2.0')->status);
    }

    /**
     * Keys: none yet, some, and some that Moodle's own key does not open.
     */
    public function test_keys(): void {
        $this->resetAfterTest();
        $this->assertSame(result::INFO, (new check\keys())->finding()->status);
        keyring::load(keyring::DATA);
        keyring::rotate(keyring::DATA);
        $found = (new check\keys())->finding();
        $this->assertSame(result::OK, $found->status);
        $this->assertStringContainsString('2, current k2', $found->summary);
        $this->set(keyring::TICKETS, 'sodium:' . base64_encode(random_bytes(60)));
        $found = (new check\keys())->finding();
        $this->assertSame(result::CRITICAL, $found->status);
        $this->assertStringContainsString('tickets', $found->summary);
    }

    /**
     * Lists of sources and what is said of them.
     *
     * @return array
     */
    public static function lists(): array {
        return [
            'empty' => ['', result::WARNING],
            'one host' => ['cdn.example.com', result::OK],
            'own subdomains' => ['*.example.com', result::OK],
            'a provider' => ['*.cloudfront.net', result::WARNING],
            'a region of a provider' => ["cdn.example.com\n*.s3.eu-west-1.amazonaws.com:443/x", result::WARNING],
            'one host of a provider' => ['d111.cloudfront.net', result::OK],
            'a country' => ['*.co.uk', result::WARNING],
            'a short name in a country' => ['*.ibm.de', result::OK],
            'a bad entry' => ['https://cdn.example.com', result::ERROR],
        ];
    }

    /**
     * The list of sources.
     *
     * @dataProvider lists
     * @param string $list
     * @param string $status
     */
    public function test_allowlist(string $list, string $status): void {
        $this->resetAfterTest();
        $this->set('allowlist', $list);
        $this->assertSame($status, (new check\allowlist())->finding()->status);
    }

    /**
     * Development mode is for sites that nobody else reaches.
     */
    public function test_development(): void {
        global $CFG;

        $this->resetAfterTest();
        $this->assertSame(result::OK, (new check\development())->finding()->status);
        $this->set('devmode', '1');
        $this->assertSame(result::CRITICAL, (new check\development())->finding()->status);
        $CFG->wwwroot = 'http://127.0.0.1:8000';
        $this->assertSame(result::INFO, (new check\development())->finding()->status);
    }

    /**
     * Ways of delivery.
     */
    public function test_delivery(): void {
        $this->resetAfterTest();
        $this->assertSame(result::INFO, (new check\delivery())->finding()->status);
        $this->set('delivery', 'host');
        $this->assertSame(result::ERROR, (new check\delivery())->finding()->status);
        $this->set('contenthost', self::HOST);
        $this->assertSame(result::OK, (new check\delivery())->finding()->status);
        $this->set('delivery', 'direct');
        $this->assertSame(result::WARNING, (new check\delivery())->finding()->status);
    }

    /**
     * Answers of a content host and what is said of them.
     *
     * @return array
     */
    public static function answers(): array {
        $refusal = ['content-security-policy' => "sandbox; default-src 'none'"];
        return [
            'all well' => [self::good(), result::OK, 'answered under'],
            'nobody there' => [new answer(0, [], '', 'timed out'), result::ERROR, 'timed out'],
            'sent elsewhere' => [new answer(303, ['location' => 'https://www.example.com/']), result::ERROR, 'on to https'],
            'path not passed on' => [new answer(404, [], 'Not Found'), result::ERROR, 'status 404'],
            'ticket refused' => [new answer(403, $refusal, 'ticket_signature'), result::ERROR, 'ticket_signature'],
            'policy lost' => [self::good(['content-security-policy' => '']), result::CRITICAL, 'Content-Security-Policy'],
            'frames forbidden' => [self::good(['x-frame-options' => 'DENY']), result::CRITICAL, 'X-Frame-Options'],
            'a cookie' => [self::good(['set-cookie' => 'a=b']), result::CRITICAL, 'Set-Cookie'],
            'compressed' => [self::good(['content-encoding' => 'gzip']), result::WARNING, 'changes files'],
            'another length' => [self::good(['content-length' => '']), result::WARNING, 'changes files'],
        ];
    }

    /**
     * The content host is asked for a file of the relay, with a ticket for itself.
     *
     * @dataProvider answers
     * @param answer $answer
     * @param string $status
     * @param string $words
     */
    public function test_contenthost(answer $answer, string $status, string $words): void {
        $this->resetAfterTest();
        $this->assertSame(result::NA, (new check\contenthost(new quiet_host($answer)))->finding()->status);
        $this->set('contenthost', self::HOST);
        $hosts = new quiet_host($answer);
        $found = (new check\contenthost($hosts))->finding();
        $this->assertSame($status, $found->status, $found->summary);
        $this->assertStringContainsString($words, $found->summary);
        $page = preg_quote(self::HOST . '/local/externalscormbridge/content.php/', '~');
        $this->assertMatchesRegularExpression("~^{$page}v1\\.[^/]+/scormbridge/relay\\.js\$~", $hosts->asked[0]);
        $this->assertCount(1, $hosts->asked);
    }

    /**
     * A content host without https is of no use to a site with it, and is not asked.
     */
    public function test_contenthost_without_https(): void {
        $this->resetAfterTest();
        $this->set('contenthost', 'http://content.example.net');
        $hosts = new quiet_host(self::good());
        $this->assertSame(result::ERROR, (new check\contenthost($hosts))->finding()->status);
        $this->assertSame([], $hosts->asked);
    }

    /**
     * On Moodle's own host, nothing but a sandbox will do.
     */
    public function test_sandbox(): void {
        $this->resetAfterTest();
        $policy = 'sandbox allow-scripts allow-forms';
        $well = self::good(['content-security-policy' => $policy]);
        $this->assertSame(result::OK, (new check\sandbox(new quiet_host($well)))->finding()->status);
        $this->assertSame(result::CRITICAL, (new check\sandbox(new quiet_host(self::good())))->finding()->status);
        $open = self::good(['content-security-policy' => "{$policy} allow-same-origin"]);
        $this->assertSame(result::CRITICAL, (new check\sandbox(new quiet_host($open)))->finding()->status);
        $this->set('delivery', 'direct');
        $this->assertSame(result::NA, (new check\sandbox(new quiet_host($well)))->finding()->status);
    }

    /**
     * Content hosts that are not apart from Moodle are found.
     */
    public function test_isolation(): void {
        global $CFG;

        $this->resetAfterTest();
        $away = new quiet_host(new answer(303, ['location' => 'https://www.example.com/moodle/login/index.php']));
        $status = static fn(own_host $hosts): string => (new check\isolation($hosts))->finding()->status;
        $this->assertSame(result::NA, $status($away));
        $this->set('contenthost', self::HOST);
        $this->assertSame(result::OK, $status($away));
        $this->assertSame(result::INFO, $status(new quiet_host(new answer(0, [], '', 'timed out'))));
        $this->assertSame(result::ERROR, $status(new quiet_host(new answer(200))));
        $this->assertSame(result::ERROR, $status(new quiet_host(new answer(303, ['set-cookie' => 'MoodleSession=1']))));
        $this->set('contenthost', 'https://content.example.com');
        $this->assertSame(result::INFO, $status($away));
        $CFG->sessioncookiedomain = '.example.com';
        $this->assertSame(result::CRITICAL, $status($away));
        $CFG->sessioncookiedomain = '';
        $this->set('contenthost', 'https://www.example.com:8443');
        $this->assertSame(result::CRITICAL, $status($away));
    }

    /**
     * Domains that two hosts share.
     */
    public function test_shared_domains(): void {
        $this->assertSame('example.org', check\isolation::shared_domain('content.example.org', 'moodle.example.org'));
        $this->assertSame('moodle.example.org', check\isolation::shared_domain('x.moodle.example.org', 'moodle.example.org'));
        $this->assertNull(check\isolation::shared_domain('content.example.net', 'moodle.example.org'));
        $this->assertNull(check\isolation::shared_domain('content-example.org', 'moodle.example.org'));
        $this->assertNull(check\isolation::shared_domain('127.0.0.2', '127.0.0.2'));
    }

    /**
     * Clocks that agree, that do not, and one that is not told.
     */
    public function test_clock(): void {
        $this->resetAfterTest();
        $status = static fn(string $date): string
            => (new check\clock(new quiet_host(self::good(['date' => $date]))))->finding()->status;
        $this->assertSame(result::OK, $status(gmdate('D, d M Y H:i:s') . ' GMT'));
        $this->assertSame(result::ERROR, $status(gmdate('D, d M Y H:i:s', time() - HOURSECS) . ' GMT'));
        $this->assertSame(result::OK, $status(''));
    }

    /**
     * Tasks that never ran, run, fail and are switched off.
     */
    public function test_tasks(): void {
        global $DB;

        $this->resetAfterTest();
        $status = static fn(): string => (new check\tasks())->finding()->status;
        $ours = ['component' => config::COMPONENT];
        $this->assertSame(result::ERROR, $status());
        $DB->set_field('task_scheduled', 'lastruntime', time() - MINSECS, $ours);
        $this->assertSame(result::OK, $status());
        $DB->set_field('task_scheduled', 'disabled', 1, $ours);
        $this->assertSame(result::WARNING, $status());
        $DB->set_field('task_scheduled', 'disabled', 0, $ours);
        $DB->set_field('task_scheduled', 'faildelay', 60, $ours);
        $this->assertSame(result::ERROR, $status());
    }

    /**
     * Packages, and those that failed are named.
     */
    public function test_packages(): void {
        global $DB;

        $this->set_up_course();
        $this->assertSame(result::INFO, (new check\packages())->finding()->status);
        $scorm = $this->create_activity();
        $this->assertSame(result::OK, (new check\packages())->finding()->status);
        $DB->set_field('local_externalscormbridge_pkg', 'timechecked', 1);
        $this->assertSame(result::WARNING, (new check\packages())->finding()->status);
        $DB->set_field('local_externalscormbridge_pkg', 'checkreason', 'fetch_status');
        $found = (new check\packages())->finding();
        $this->assertSame(result::WARNING, $found->status);
        $this->assertStringContainsString("{$scorm->name} (fetch_status)", implode(' ', $found->advice));
    }

    /**
     * Grades that wait.
     */
    public function test_results(): void {
        global $DB;

        $this->set_up_course();
        $scorm = $this->create_activity();
        due::expect((int) $scorm->id, (int) $this->learner->id);
        $this->assertSame(result::OK, (new check\results())->finding()->status);
        $DB->set_field(due::TABLE, 'timecreated', 1);
        $this->assertSame(result::WARNING, (new check\results())->finding()->status);
        $DB->set_field(due::TABLE, 'tries', 99);
        $DB->set_field(due::TABLE, 'lasterror', 'gradebook is locked');
        $found = (new check\results())->finding();
        $this->assertSame(result::ERROR, $found->status);
        $this->assertStringContainsString('gradebook is locked', implode(' ', $found->advice));
    }

    /**
     * The last pass of the task that verifies the history is told, and a kept value is.
     */
    public function test_history_and_kept_values(): void {
        global $DB;

        $this->set_up_course();
        $this->assertSame(result::INFO, (new check\history())->finding()->status);
        $scorm = $this->create_activity();
        $launch = $this->create_launch($scorm, 'lesson');
        \local_externalscormbridge\external\commit::execute($launch->token, $this->journal(['cmi.suspend_data' => 'a']));
        $verify = function (): finding {
            $this->expectOutputRegex('/attempts checked/');
            (new \local_externalscormbridge\task\verify_history())->execute();
            return (new check\history())->finding();
        };
        $this->assertSame(result::OK, $verify()->status);
        $this->assertSame(result::OK, (new check\keptvalues())->finding()->status);
        $element = $DB->get_field('scorm_element', 'id', ['element' => 'cmi.suspend_data'], MUST_EXIST);
        $DB->set_field('scorm_scoes_value', 'value', 'b', ['elementid' => $element]);
        $found = $verify();
        $this->assertSame(result::WARNING, $found->status);
        $this->assertStringContainsString('1 of 1', $found->summary);
        $of = \local_externalscormbridge\history\sco_attempt::of($launch);
        kept_values::keep($of, 'cmi.suspend_data', 'esb1:k1:x', 'seal_forged');
        $this->assertSame(result::WARNING, (new check\keptvalues())->finding()->status);
    }

    /**
     * A proxy is not used for CDNs, which somebody should know.
     */
    public function test_network(): void {
        global $CFG;

        $this->resetAfterTest();
        $this->assertSame(result::OK, (new check\network())->finding()->status);
        $CFG->proxyhost = 'proxy.example.org';
        $this->assertSame(result::WARNING, (new check\network())->finding()->status);
    }

    /**
     * PHP's own settings.
     */
    public function test_php(): void {
        $this->assertSame(result::NA, (new check\php())->finding()->status);
        $this->assertSame(result::OK, check\php::judge('8M', '', '')->status);
        $this->assertSame(result::OK, check\php::judge('0', '0', '')->status);
        $this->assertSame(result::WARNING, check\php::judge('1M', '', '')->status);
        $this->assertSame(result::WARNING, check\php::judge('8M', '1', '')->status);
        $this->assertSame(result::WARNING, check\php::judge('8M', '', 'ob_gzhandler')->status);
    }
}
