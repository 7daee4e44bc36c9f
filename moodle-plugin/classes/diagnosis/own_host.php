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

use local_externalscormbridge\gateway_options;
use local_externalscormbridge\keyring;
use local_externalscormbridge\package\prober;

/**
 * Asks the site itself, from outside, as a browser would: under Moodle's own address and under that of the content host.
 *
 * It never asks anybody else, follows no redirect and waits a few seconds at most.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
class own_host {
    /** Seconds for a whole request. */
    private const PATIENCE = 5;

    /** Bytes of an answer: more than any file that is asked for has. */
    private const LONGEST = 4 * 1024 * 1024;

    /** Seconds that a ticket for such a request is good for. */
    private const TICKET = 60;

    /** A file that the gateway has itself: no CDN is asked for it. */
    private const FILE = 'scormbridge/relay.js';

    /**
     * Asks for a file of the relay, as it would be asked for when a package plays.
     *
     * @param string $site address, without a trailing slash
     * @param string $mode host or sandbox
     * @return answer
     */
    public function content(string $site, string $mode): answer {
        gateway_options::refresh();
        $ring = keyring::load(keyring::TICKETS);
        $ticket = (new \Scormbridge\Tickets($ring['keys'], $ring['current']))->issue([
            'scope' => 'content',
            'exp' => time() + self::TICKET,
            'aud' => $site,
            // Nothing is fetched from there.
            'base' => 'https://diagnosis.invalid/',
            'mode' => $mode,
            'lms' => prober::lms_origin(),
        ]);
        return $this->ask("{$site}/local/externalscormbridge/content.php/{$ticket}/" . self::FILE);
    }

    /**
     * Asks for a page of Moodle's own.
     *
     * @param string $site address, without a trailing slash
     * @return answer
     */
    public function moodle_page(string $site): answer {
        return $this->ask("{$site}/login/index.php");
    }

    /**
     * Sends one GET request.
     *
     * @param string $url
     * @return answer
     */
    protected function ask(string $url): answer {
        global $CFG;
        require_once("{$CFG->libdir}/filelib.php");

        // The administrator has named these hosts; they may well be on the list of those that others must not reach.
        $curl = new \curl(['ignoresecurity' => true]);
        $curl->setHeader('Accept-Encoding: identity');
        $body = $curl->get($url, [], [
            'CURLOPT_ENCODING' => 'identity',
            'CURLOPT_CONNECTTIMEOUT' => self::PATIENCE,
            'CURLOPT_TIMEOUT' => self::PATIENCE,
            'CURLOPT_FOLLOWLOCATION' => 0,
            'CURLOPT_MAXFILESIZE' => self::LONGEST,
        ]);
        if ($curl->get_errno()) {
            return new answer(0, [], '', (string) $curl->error);
        }
        $headers = [];
        foreach ($curl->getResponse() as $name => $value) {
            $headers[strtolower((string) $name)] = is_array($value) ? implode(', ', $value) : (string) $value;
        }
        return new answer((int) ($curl->get_info()['http_code'] ?? 0), $headers, (string) $body);
    }
}
