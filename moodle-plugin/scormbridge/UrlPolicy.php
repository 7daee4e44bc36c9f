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
// phpcs:disable moodle.NamingConventions.ValidFunctionName.LowercaseMethod

/**
 * The rules that a URL must pass before anything is fetched from it.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class UrlPolicy {
    use opaque;

    /** @var array as given */
    private array $options;

    /**
     * Constructor.
     *
     * @param array $options
     */
    public function __construct(array $options) {
        connection::call('UrlPolicy/__construct', $options);
        $this->options = $options;
    }

    /**
     * The URL in its normal form, if a package may live there.
     *
     * @param string $url
     * @return array
     */
    public function check(string $url): array {
        return connection::call('UrlPolicy/check', $this->options, $url);
    }
}
