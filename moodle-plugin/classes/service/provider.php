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
 * Offers the API of the PHP extension through the local service, where the extension is not loaded.
 *
 * The classes have the extension's names and do what its stub says, so that nobody else needs to know which of the two
 * answers. They are made known here and loaded at their first use. Runs before Moodle is set up as well: nothing in this
 * folder may use a Moodle function, class or string.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class provider {
    /** Where the classes of a namespace are: those of the extension, and what they stand on. */
    private const FOLDERS = [
        'Scormbridge\\' => '/../../scormbridge/',
        __NAMESPACE__ . '\\' => '/',
    ];

    /** @var callable|null where the service is */
    private static $settings = null;

    /**
     * Makes the API known. The extension goes first: its classes are there already. So does whoever was here before.
     *
     * @param callable $settings called at the first use; gives address and path of the file with the secret, both empty
     *     where no service was chosen
     */
    public static function provide(callable $settings): void {
        if (extension_loaded('scormbridge') || self::$settings !== null) {
            return;
        }
        self::$settings = $settings;
        spl_autoload_register([self::class, 'load']);
        require_once(__DIR__ . '/../../scormbridge/version.php');
    }

    /**
     * Where the service is.
     *
     * @return array{address: string, secretfile: string}
     */
    public static function settings(): array {
        return self::$settings === null ? ['address' => '', 'secretfile' => ''] : (self::$settings)();
    }

    /**
     * Loads a class of the API, or of the client behind it: where content is delivered, nobody else does.
     *
     * @param string $class
     */
    public static function load(string $class): void {
        foreach (self::FOLDERS as $namespace => $folder) {
            $name = str_starts_with($class, $namespace) ? substr($class, strlen($namespace)) : '';
            if (!preg_match('/^[A-Za-z]+$/', $name)) {
                continue;
            }
            $file = __DIR__ . $folder . (str_ends_with($name, 'Exception') ? 'exceptions' : $name) . '.php';
            if (is_readable($file)) {
                require_once($file);
            }
        }
    }
}
