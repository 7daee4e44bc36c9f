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
 * Throws what went wrong as an exception of the family, at the place of the call.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class failure {
    /** Classes that the service may name. */
    private const CLASSES = [
        'UrlException', 'ManifestException', 'FetchException', 'DataModelException', 'SealException', 'TicketException',
        'ConfigException',
    ];

    /**
     * A failure of a call, as the service tells it.
     *
     * @param array $failure
     * @return \Scormbridge\Exception
     */
    public static function of(array $failure): \Scormbridge\Exception {
        $class = $failure['class'] ?? '';
        $class = '\\Scormbridge\\' . (in_array($class, self::CLASSES, true) ? $class : 'Exception');
        $exception = new $class((string) ($failure['message'] ?? ''));
        $exception->reason = (string) ($failure['reason'] ?? 'service_answer');
        $exception->details = array_map('strval', (array) ($failure['details'] ?? []));
        return self::at_call($exception);
    }

    /**
     * A failure of the way to the service. Of the family's base class, so that nobody takes it for a bad value or a bad
     * package: what was to be done was not done, and can be done later.
     *
     * @param string $reason
     * @param string $message
     * @param string[] $details
     * @return \Scormbridge\Exception
     */
    public static function of_service(string $reason, string $message, array $details = []): \Scormbridge\Exception {
        return self::of(['reason' => $reason, 'message' => $message, 'details' => $details]);
    }

    /**
     * Makes an exception say where the API was called, as the extension's do, and not where the client found out.
     *
     * @param \Scormbridge\Exception $exception
     * @return \Scormbridge\Exception
     */
    private static function at_call(\Scormbridge\Exception $exception): \Scormbridge\Exception {
        $trace = $exception->getTrace();
        while (isset($trace[0]['file']) && self::is_ours($trace[0]['file'])) {
            array_shift($trace);
        }
        $place = ['trace' => $trace];
        if (isset($trace[0]['file'])) {
            $place += ['file' => $trace[0]['file'], 'line' => $trace[0]['line']];
        }
        foreach ($place as $name => $value) {
            $property = new \ReflectionProperty(\Exception::class, $name);
            $property->setAccessible(true);
            $property->setValue($exception, $value);
        }
        return $exception;
    }

    /**
     * Whether a file is part of the client.
     *
     * @param string $file
     * @return bool
     */
    private static function is_ours(string $file): bool {
        return dirname($file) === __DIR__ || dirname($file) === dirname(__DIR__, 2) . '/scormbridge';
    }
}
