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
 * The way to the service: where it is, the secret, and connections that are kept for the next call.
 *
 * Not Moodle's own HTTP client, which refuses addresses of this machine, as it should for everybody else; and there is no
 * Moodle yet where content is delivered. The site's keys go this way, so it never leads to another machine, nor through
 * a proxy.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class connection {
    /** Number of the wire formats that this client speaks. */
    public const PROTOCOL = 1;

    /** Seconds to connect. */
    private const CONNECT_SECONDS = 2;

    /** Seconds for a call. */
    private const CALL_SECONDS = 60;

    /** Seconds without a byte for a call that asks a CDN, which has limits of its own: more than the settings allow. */
    private const ERRAND_SECONDS = 660;

    /** Calls that ask a CDN. */
    private const ERRANDS = ['Gateway/probe', 'Gateway/serve'];

    /** Request from which on the service is asked first whether it wants it, in bytes. */
    private const LARGE = 1 << 20;

    /** What curl says where it would have to send once more; PHP has no name for it. */
    private const SEND_FAIL_REWIND = 65;

    /** What curl says of a connection that the service closed while nobody used it. */
    private const STALE = [CURLE_GOT_NOTHING, CURLE_SEND_ERROR, CURLE_RECV_ERROR, self::SEND_FAIL_REWIND];

    /** @var self|null of this process */
    private static ?self $current = null;

    /** @var \CurlMultiHandle[] connections that nobody uses */
    private array $idle = [];

    /** @var int process that they belong to */
    private int $process;

    /** @var array options of curl that name the place */
    private array $place;

    /** @var string the secret */
    private string $secret;

    /**
     * Reads address and secret.
     *
     * @throws \Scormbridge\Exception if they cannot be used
     */
    private function __construct() {
        ['address' => $address, 'secretfile' => $secretfile] = provider::settings();
        $this->process = getmypid();
        $this->place = self::place($address);
        $this->secret = self::secret($secretfile);
    }

    /**
     * Calls a function and gives what it gives.
     *
     * @param string $function by its path, such as Vault/seal
     * @param mixed ...$arguments those of the constructor first
     * @return mixed
     * @throws \Scormbridge\Exception
     */
    public static function call(string $function, mixed ...$arguments): mixed {
        $transfer = self::start($function, $arguments);
        $answer = json_decode($transfer->whole(), true, 1024);
        if ($transfer->error() !== CURLE_OK || ($answer === null && json_last_error() !== JSON_ERROR_NONE)) {
            throw self::broken_off();
        }
        return $answer;
    }

    /**
     * Calls a function whose answer is more than a value.
     *
     * @param string $function by its path
     * @param array $arguments those of the constructor first
     * @return transfer of which something was received
     * @throws \Scormbridge\Exception
     */
    public static function start(string $function, array $arguments): transfer {
        $request = new request($arguments);
        $connection = self::current();
        $multi = array_pop($connection->idle);
        $transfer = $connection->transfer($multi ?? curl_multi_init(), $function, $request);
        if (!$transfer->more() && $multi !== null && in_array($transfer->error(), self::STALE, true)) {
            // Calls change nothing on the other side, so this one may be made again.
            $request->rewind();
            $transfer = $connection->transfer(curl_multi_init(), $function, $request);
            $transfer->more();
        }
        if ($transfer->error() !== CURLE_OK) {
            throw self::unreachable($transfer->error());
        }
        if ($transfer->status() !== 200) {
            $failure = json_decode($transfer->whole(), true);
            throw is_array($failure) ? failure::of($failure) : self::broken_off();
        }
        return $transfer;
    }

    /**
     * Keeps a connection for the next call.
     *
     * @param \CurlMultiHandle $multi
     */
    public static function give_back(\CurlMultiHandle $multi): void {
        // One that a fork has inherited is its parent's.
        if (self::$current?->process === getmypid()) {
            self::$current->idle[] = $multi;
        }
    }

    /**
     * The service ended an answer before its end.
     *
     * @return \Scormbridge\Exception
     */
    public static function broken_off(): \Scormbridge\Exception {
        return failure::of_service(
            'service_broken_off',
            'the local service broke off its answer; look into its log and try again'
        );
    }

    /**
     * That of this process.
     *
     * @return self
     */
    private static function current(): self {
        if (self::$current?->process !== getmypid()) {
            self::$current = new self();
        }
        return self::$current;
    }

    /**
     * Starts a request.
     *
     * @param \CurlMultiHandle $multi
     * @param string $function
     * @param request $request
     * @return transfer
     */
    private function transfer(\CurlMultiHandle $multi, string $function, request $request): transfer {
        $headers = ["Authorization: Bearer {$this->secret}", 'Content-Type: application/octet-stream'];
        if ($request->length() < self::LARGE) {
            $headers[] = 'Expect:';
        }
        $errand = in_array($function, self::ERRANDS, true);
        return new transfer($multi, [
            CURLOPT_URL => $this->place[CURLOPT_URL] . '/' . self::PROTOCOL . "/{$function}",
            CURLOPT_PROTOCOLS => CURLPROTO_HTTP,
            CURLOPT_PROXY => '',
            CURLOPT_NOSIGNAL => true,
            CURLOPT_CONNECTTIMEOUT => self::CONNECT_SECONDS,
            CURLOPT_TIMEOUT => $errand ? 0 : self::CALL_SECONDS,
            CURLOPT_LOW_SPEED_LIMIT => 1,
            CURLOPT_LOW_SPEED_TIME => $errand ? self::ERRAND_SECONDS : self::CALL_SECONDS,
            CURLOPT_UPLOAD => true,
            CURLOPT_CUSTOMREQUEST => 'POST',
            CURLOPT_INFILESIZE => $request->length(),
            CURLOPT_READFUNCTION => static fn($handle, $file, int $length): string => $request->read($length),
            CURLOPT_HTTPHEADER => $headers,
        ] + $this->place);
    }

    /**
     * Where the service listens, for curl.
     *
     * @param string $address
     * @return array
     */
    private static function place(string $address): array {
        if ($address === '') {
            throw failure::of_service(
                'core_missing',
                'the PHP extension scormbridge is not loaded and no local service is set; install one of them'
            );
        }
        if (!address::is_valid($address)) {
            throw failure::of_service(
                'service_address',
                'the address of the local service is neither an absolute path nor http:// with a loopback address and port',
                ['address' => $address]
            );
        }
        return address::is_socket($address)
            ? [CURLOPT_UNIX_SOCKET_PATH => $address, CURLOPT_URL => 'http://localhost']
            : [CURLOPT_URL => rtrim($address, '/')];
    }

    /**
     * The shared secret.
     *
     * @param string $file
     * @return string
     */
    private static function secret(string $file): string {
        $secret = address::secret($file);
        if ($secret === null) {
            throw failure::of_service(
                'service_secret_file',
                'the secret of the local service cannot be read from its file: it must be one line of 32 to 512 visible '
                    . 'characters, readable by the web server',
                ['file' => $file]
            );
        }
        return $secret;
    }

    /**
     * Nobody answers.
     *
     * @param int $error as curl numbers it
     * @return \Scormbridge\Exception
     */
    private static function unreachable(int $error): \Scormbridge\Exception {
        $address = provider::settings()['address'];
        $detail = curl_strerror($error) ?? (string) $error;
        return failure::of_service(
            'service_unreachable',
            "the local service at {$address} does not answer ({$detail}); start it with \"scormbridge serve\", or correct its "
                . 'address',
            ['address' => $address, 'detail' => $detail]
        );
    }
}
