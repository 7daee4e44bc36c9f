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

/**
 * The exceptions of the extension's API. They are one family and are loaded as one.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

namespace Scormbridge;

// Content is delivered without Moodle, so nothing can be asked of it here; nothing happens when this is opened either.
// phpcs:disable moodle.Files.MoodleInternal.MoodleInternalMultipleArtifacts, PSR1.Classes.ClassDeclaration.MultipleClasses

/**
 * The base of the family.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
class Exception extends \Exception {
    /** @var string stable code of the cause, such as url_scheme */
    public string $reason = '';

    /** @var array<string, string> facts for the placeholders of its message */
    public array $details = [];
}

/**
 * A URL that the policy refuses.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
class UrlException extends Exception {
}

/**
 * A manifest that cannot be used, or that nothing can be played from.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
class ManifestException extends Exception {
}

/**
 * A package, or a part of it, that cannot be reached.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
class FetchException extends Exception {
}

/**
 * A launch, a stored state or a journal that the data model refuses.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
class DataModelException extends Exception {
}

/**
 * A value that cannot be sealed or opened.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
class SealException extends Exception {
}

/**
 * A ticket that cannot be issued or is not valid.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
class TicketException extends Exception {
}

/**
 * Options that the caller got wrong.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
class ConfigException extends Exception {
}
