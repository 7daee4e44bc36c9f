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
use local_externalscormbridge\service\opaque;

// The names are the extension's; ext/stubs/scormbridge.stub.php says what they mean.

/**
 * Guarded HTTP to packages on a CDN. The service makes the requests.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class Gateway {
    use opaque;

    /** @var array as given */
    private array $options;

    /**
     * Constructor.
     *
     * @param array $options
     */
    public function __construct(array $options) {
        connection::call('Gateway/__construct', $options);
        $this->options = $options;
    }

    /**
     * Finds the package that a URL belongs to, and out of which delivery modes it can be played.
     *
     * @param string $url
     * @param array $options
     * @return array
     */
    public function probe(string $url, array $options): array {
        return connection::call('Gateway/probe', $this->options, $url, $options);
    }

    /**
     * Answers a request for a file of a package.
     *
     * @param array $request
     * @return Response
     */
    public function serve(array $request): Response {
        $transfer = connection::start('Gateway/serve', [$this->options, $request]);
        // Nobody else may make a response, as with the extension.
        return \Closure::bind(static fn(): Response => Response::of($transfer), null, Response::class)();
    }
}
