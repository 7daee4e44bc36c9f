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

use local_externalscormbridge\event\access_denied;

/**
 * What content.php makes of a request, and what it leaves in the log.
 *
 * @covers \local_externalscormbridge\content_request
 * @covers \local_externalscormbridge\ticket_log
 * @covers \local_externalscormbridge\gateway_options
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class content_request_test extends \advanced_testcase {
    /**
     * For whom a ticket must be, by the host that was asked.
     *
     * @dataProvider hosts
     * @param string|null $content content host of the site
     * @param string $asked Host header
     * @param string $audience
     */
    public function test_audience(?string $content, string $asked, string $audience): void {
        $audiences = ['site' => 'https://moodle.example.org', 'content' => $content];
        $this->assertSame($audience, content_request::audience($audiences, ['HTTP_HOST' => $asked]));
    }

    /**
     * Hosts.
     *
     * @return array
     */
    public static function hosts(): array {
        $site = 'https://moodle.example.org';
        $content = 'https://content.example.org';
        return [
            'the site' => [$content, 'moodle.example.org', $site],
            'the content host' => [$content, 'content.example.org', $content],
            'in capitals' => [$content, 'Content.Example.ORG', $content],
            'another host' => [$content, 'elsewhere.example.org', $site],
            'another port' => [$content, 'content.example.org:8443', $site],
            'the content host with its port' => ["{$content}:8443", 'content.example.org:8443', "{$content}:8443"],
            'no content host' => [null, 'content.example.org', $site],
        ];
    }

    /**
     * Path and query arrive as the browser spelled them.
     *
     * @dataProvider requests
     * @param string $uri
     * @param string $ticket
     * @param string $path
     * @param string $query
     */
    public function test_request(string $uri, string $ticket, string $path, string $query): void {
        $request = content_request::request(['REQUEST_METHOD' => 'GET', 'REQUEST_URI' => $uri, 'HTTP_COOKIE' => 'a=b']);
        $this->assertSame([$ticket, $path, $query], [$request['ticket'], $request['path'], $request['query']]);
        $this->assertSame([], $request['headers']);
    }

    /**
     * Requests.
     *
     * @return array
     */
    public static function requests(): array {
        $page = '/moodle/local/externalscormbridge/content.php';
        return [
            'a file' => ["{$page}/v1.k1.a.b/index.html", 'v1.k1.a.b', 'index.html', ''],
            'below folders' => ["{$page}/t/a/b/c.js", 't', 'a/b/c.js', ''],
            'a query' => ["{$page}/t/a.html?x=1&y=%2F?", 't', 'a.html', 'x=1&y=%2F?'],
            'escapes stay' => ["{$page}/t/a%20b%2Fc+d.html", 't', 'a%20b%2Fc+d.html', ''],
            'no path' => ["{$page}/t", 't', '', ''],
            'nothing' => [$page, '', '', ''],
        ];
    }

    /**
     * What the gateway decides by arrives: which host was asked, whether the answer may be compressed, is a part, is known
     * already, is a page, is a service worker, or comes from a gateway. What identifies the learner does not.
     */
    public function test_headers(): void {
        $decisive = ['host', 'accept', 'accept-encoding', 'range', 'if-range', 'if-none-match', 'if-modified-since',
            'sec-fetch-dest', 'sec-fetch-mode', 'service-worker', 'cdn-loop'];
        $server = ['REQUEST_URI' => '/local/externalscormbridge/content.php/t/a.html'];
        foreach (array_merge($decisive, ['cookie', 'authorization', 'referer', 'user-agent']) as $name) {
            $server['HTTP_' . strtr(strtoupper($name), '-', '_')] = "value of {$name}";
        }
        $expected = array_combine($decisive, array_map(static fn(string $name): string => "value of {$name}", $decisive));
        $this->assertEqualsCanonicalizing($expected, content_request::request($server)['headers']);
    }

    /**
     * A refused ticket is logged once, not once for each file of a page.
     */
    public function test_refused_tickets_are_logged(): void {
        $this->resetAfterTest();
        $sink = $this->redirectEvents();
        foreach (['ticket_forged', 'ticket_forged', 'ticket_expired'] as $reason) {
            ticket_log::refused($reason);
        }
        $events = $sink->get_events();
        $this->assertContainsOnlyInstancesOf(access_denied::class, $events);
        $reasons = array_map(static fn(access_denied $event): string => $event->other['reason'], $events);
        $this->assertSame(['ticket_forged', 'ticket_expired'], $reasons);
    }

    /**
     * The options file says what the settings say and is for the web server alone.
     */
    public function test_options_file(): void {
        global $CFG;

        $this->resetAfterTest();
        set_config('allowlist', "cdn.example.com # ours\n\n*.example.org", 'local_externalscormbridge');
        set_config('contenthost', 'https://content.example.org/', 'local_externalscormbridge');
        gateway_options::refresh();
        $path = "{$CFG->dataroot}/" . gateway_options::FILE;
        $written = json_decode(file_get_contents($path), true);
        $this->assertSame(['cdn.example.com', '*.example.org'], $written['options']['allow']);
        $audiences = ['site' => $CFG->wwwroot, 'content' => 'https://content.example.org'];
        $this->assertSame($audiences, $written['audiences']);
        $this->assertSame(0, fileperms($path) & 0007);
        new \Scormbridge\Gateway($written['options'] + ['audience' => $CFG->wwwroot]);

        $inode = fileinode($path);
        gateway_options::refresh();
        clearstatcache();
        $this->assertSame($inode, fileinode($path), 'written only when something changed');
        set_config('devmode', 1, 'local_externalscormbridge');
        gateway_options::refresh();
        $this->assertTrue(json_decode(file_get_contents($path), true)['options']['devloopback']);
        gateway_options::remove();
        $this->assertFileDoesNotExist($path);
    }
}
