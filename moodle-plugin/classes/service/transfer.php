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

namespace local_externalscormbridge\service;

/**
 * One request to the service and its answer, of which as much is received as is asked for.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class transfer {
    /** Seconds that one wait for the socket takes at most. */
    private const WAIT = 1.0;

    /** @var \CurlHandle the request */
    private \CurlHandle $handle;

    /** @var \stdClass what was received and not yet asked for; shared with the handle, which must not hold this object */
    private \stdClass $received;

    /** @var int|null how it ended, as curl numbers it; null while it goes on */
    private ?int $result = null;

    /**
     * Starts a request.
     *
     * @param \CurlMultiHandle $multi a connection that nobody else uses
     * @param array $options of curl
     */
    public function __construct(
        /** @var \CurlMultiHandle a connection that nobody else uses */
        private \CurlMultiHandle $multi,
        array $options
    ) {
        $received = (object) ['bytes' => ''];
        $this->received = $received;
        $this->handle = curl_init();
        curl_setopt_array($this->handle, $options + [
            CURLOPT_WRITEFUNCTION => static function ($handle, string $bytes) use ($received): int {
                $received->bytes .= $bytes;
                return strlen($bytes);
            },
        ]);
        curl_multi_add_handle($multi, $this->handle);
    }

    /**
     * Gives up what was not received.
     */
    public function __destruct() {
        curl_multi_remove_handle($this->multi, $this->handle);
        if ($this->result === CURLE_OK) {
            connection::give_back($this->multi);
        }
    }

    /**
     * Waits for some more of the answer.
     *
     * @return bool false once it has ended
     */
    public function more(): bool {
        $before = strlen($this->received->bytes);
        while ($this->result === null && strlen($this->received->bytes) === $before) {
            curl_multi_exec($this->multi, $running);
            while ($message = curl_multi_info_read($this->multi)) {
                $this->result = $message['result'];
            }
            if ($this->result === null && strlen($this->received->bytes) === $before) {
                curl_multi_select($this->multi, self::WAIT);
            }
        }
        return strlen($this->received->bytes) > $before;
    }

    /**
     * All of the answer.
     *
     * @return string
     */
    public function whole(): string {
        while ($this->more()) {
            continue;
        }
        return $this->take(PHP_INT_MAX);
    }

    /**
     * Up to so many bytes of what was received already.
     *
     * @param int $length
     * @return string
     */
    public function take(int $length): string {
        $bytes = substr($this->received->bytes, 0, $length);
        $this->received->bytes = substr($this->received->bytes, strlen($bytes));
        return $bytes;
    }

    /**
     * So many bytes, waiting for them.
     *
     * @param int $length
     * @return string|null null if the answer ends before
     */
    public function exactly(int $length): ?string {
        while (strlen($this->received->bytes) < $length && $this->more()) {
            continue;
        }
        return strlen($this->received->bytes) < $length ? null : $this->take($length);
    }

    /**
     * A line, without its end.
     *
     * @return string|null null if the answer ends before
     */
    public function line(): ?string {
        do {
            $end = strpos($this->received->bytes, "\n");
        } while ($end === false && $this->more());
        return $end === false ? null : substr($this->take($end + 1), 0, -1);
    }

    /**
     * HTTP status, once something was received.
     *
     * @return int
     */
    public function status(): int {
        return curl_getinfo($this->handle, CURLINFO_RESPONSE_CODE);
    }

    /**
     * Why there is no answer, or no more of it.
     *
     * @return int as curl numbers it, 0 for none
     */
    public function error(): int {
        return $this->result ?? 0;
    }
}
