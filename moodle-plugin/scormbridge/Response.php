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

namespace Scormbridge;

use local_externalscormbridge\service\connection;
use local_externalscormbridge\service\failure;
use local_externalscormbridge\service\opaque;
use local_externalscormbridge\service\transfer;

// The names are the extension's; ext/stubs/scormbridge.stub.php says what they mean.

/**
 * The answer to one request, whose content is pulled piece by piece.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class Response {
    use opaque;

    /** @var transfer|null the answer of the service; null once all of it was read */
    private ?transfer $transfer = null;

    /** @var Exception|null why the content broke off */
    private ?Exception $failure = null;

    /** @var array what came before the content */
    private array $head = [];

    /** @var int process that asked */
    private int $process = 0;

    /**
     * Only a gateway makes these.
     */
    private function __construct() {
    }

    /**
     * The answer that a transfer brings.
     *
     * @param transfer $transfer
     * @return self
     */
    private static function of(transfer $transfer): self {
        $response = new self();
        $head = json_decode((string) $transfer->line(), true);
        if (!is_array($head)) {
            throw connection::broken_off();
        }
        $response->transfer = $transfer;
        $response->head = $head;
        $response->process = getmypid();
        return $response;
    }

    /**
     * HTTP status code.
     *
     * @return int
     */
    public function status(): int {
        return $this->head['status'];
    }

    /**
     * The headers to send, in this order.
     *
     * @return array
     */
    public function headers(): array {
        return $this->head['headers'];
    }

    /**
     * Why this is not what was asked for, for the log.
     *
     * @return string|null
     */
    public function reason(): ?string {
        return $this->head['reason'];
    }

    /**
     * The next piece of the content, or null at the end.
     *
     * @return string|null
     */
    public function read(): ?string {
        if ($this->process !== getmypid()) {
            throw failure::of([
                'class' => 'FetchException',
                'reason' => 'fetch_other_process',
                'message' => 'the content belongs to the process that asked for it; ask again in this one',
            ]);
        }
        if ($this->failure !== null) {
            throw $this->failure;
        }
        if ($this->transfer === null) {
            return null;
        }
        $length = $this->transfer->exactly(4);
        $length = $length === null ? -1 : unpack('N', $length)[1];
        $piece = $length > 0 ? $this->transfer->exactly($length) : null;
        if ($piece !== null) {
            return $piece;
        }
        $this->end($length === 0);
        return $this->read();
    }

    /**
     * Reads what follows the content.
     *
     * @param bool $outcome whether something follows
     */
    private function end(bool $outcome): void {
        $rest = $outcome ? $this->transfer->whole() : '';
        $this->transfer = null;
        if ($rest !== 'null') {
            $failure = json_decode($rest, true);
            // Said again at every read, so that no loop takes it for the end.
            $this->failure = is_array($failure) ? failure::of($failure) : connection::broken_off();
        }
    }
}
