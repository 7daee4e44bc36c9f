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

/**
 * One request to content.php, from server variables to the last chunk.
 *
 * Runs before Moodle is set up: nothing here may use a Moodle function, class or string.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class content_request {
    /** Request headers that mean something to the gateway; a learner's cookies never travel. */
    private const HEADERS = [
        'HTTP_HOST' => 'host',
        'HTTP_ACCEPT' => 'accept',
        'HTTP_ACCEPT_ENCODING' => 'accept-encoding',
        'HTTP_RANGE' => 'range',
        'HTTP_IF_RANGE' => 'if-range',
        'HTTP_IF_NONE_MATCH' => 'if-none-match',
        'HTTP_IF_MODIFIED_SINCE' => 'if-modified-since',
        'HTTP_SEC_FETCH_DEST' => 'sec-fetch-dest',
        'HTTP_SEC_FETCH_MODE' => 'sec-fetch-mode',
        'HTTP_SERVICE_WORKER' => 'service-worker',
        'HTTP_CDN_LOOP' => 'cdn-loop',
    ];

    /**
     * Answers the request.
     *
     * @param string $dataroot Moodle's data directory
     * @param array $server $_SERVER
     * @return string|null reason code if the ticket was refused
     */
    public static function handle(string $dataroot, array $server): ?string {
        $file = $dataroot . '/externalscormbridge/gateway.json';
        $settings = is_readable($file) ? json_decode((string) file_get_contents($file), true) : null;
        if (!is_array($settings)) {
            self::refuse(503, 'content_unavailable');
            return null;
        }
        require_once(__DIR__ . '/service/provider.php');
        service\provider::provide(static fn(): array => $settings['service']);
        try {
            $gateway = new \Scormbridge\Gateway(
                $settings['options'] + ['audience' => self::audience($settings['audiences'], $server)]
            );
            $response = $gateway->serve(self::request($server));
            http_response_code($response->status());
            foreach ($response->headers() as [$name, $value]) {
                header("{$name}: {$value}", false);
            }
            self::send($response);
            return $response->status() === 403 ? $response->reason() : null;
        } catch (\Scormbridge\Exception $e) {
            // The gateway answers bad tickets and silent CDNs itself; this is a request that is none, or bad options, or, where
            // it has no class of its own, a service that does not answer.
            self::refuse(get_class($e) === \Scormbridge\Exception::class ? 503 : 400, $e->reason);
            return null;
        }
    }

    /**
     * Who the ticket must have been issued for. A ticket for the content host is worth nothing on Moodle's own host,
     * where the package would run with the learner's session.
     *
     * @param array $audiences
     * @param array $server
     * @return string
     */
    public static function audience(array $audiences, array $server): string {
        $content = $audiences['content'] ?? null;
        if ($content === null) {
            return $audiences['site'];
        }
        $port = parse_url($content, PHP_URL_PORT);
        $host = parse_url($content, PHP_URL_HOST) . ($port ? ":{$port}" : '');
        return strcasecmp($host, $server['HTTP_HOST'] ?? '') === 0 ? $content : $audiences['site'];
    }

    /**
     * The request as the gateway wants it. Path and query go on as the browser spelled them: what "%2F" or "+" mean is
     * the gateway's to say, so PATH_INFO, which is decoded already, will not do.
     *
     * @param array $server
     * @return array
     */
    public static function request(array $server): array {
        [$place, $query] = explode('?', $server['REQUEST_URI'] ?? '', 2) + ['', ''];
        [, $rest] = explode('/content.php/', $place, 2) + ['', ''];
        [$ticket, $path] = explode('/', $rest, 2) + ['', ''];
        $headers = [];
        foreach (self::HEADERS as $variable => $name) {
            if (isset($server[$variable])) {
                $headers[$name] = $server[$variable];
            }
        }
        return [
            'method' => $server['REQUEST_METHOD'] ?? 'GET',
            'ticket' => $ticket,
            'path' => $path,
            'query' => $query,
            'headers' => $headers,
        ];
    }

    /**
     * Sends the body as it arrives, and stops when the learner has gone.
     *
     * @param \Scormbridge\Response $response
     */
    private static function send(\Scormbridge\Response $response): void {
        while (ob_get_level() > 0) {
            ob_end_clean();
        }
        while (($chunk = $response->read()) !== null) {
            echo $chunk;
            flush();
            if (connection_aborted()) {
                return;
            }
        }
    }

    /**
     * A refusal without any part of the package in it.
     *
     * @param int $status
     * @param string $reason
     */
    private static function refuse(int $status, string $reason): void {
        http_response_code($status);
        header('Content-Type: text/plain; charset=utf-8');
        header('Cache-Control: no-store');
        header("Content-Security-Policy: default-src 'none'; sandbox");
        header('X-Content-Type-Options: nosniff');
        echo "{$reason}\n";
    }
}
