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

namespace local_externalscormbridge\output;

use local_externalscormbridge\config;
use local_externalscormbridge\launch\start;

/**
 * Writes the stage page, with the headers that keep content out of Moodle's origin.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class stage_page {
    /**
     * The page that plays a SCO.
     *
     * @param start $start
     */
    public function send(start $start): void {
        // Tags cannot be closed from inside the configuration, whatever a title or a learner's own text holds.
        $flags = JSON_THROW_ON_ERROR | JSON_HEX_TAG | JSON_HEX_AMP | JSON_UNESCAPED_SLASHES;
        $this->write('local_externalscormbridge/stage', [
            'title' => $start->player['frame']['title'],
            'config' => json_encode($start->player, $flags),
            'script' => $this->asset('js/controller.js'),
        ], "frame-src {$start->delivery->site_origin()}");
    }

    /**
     * The page that says why a SCO cannot be played.
     *
     * @param string $message plain text
     * @param string $retry URL of the same launch
     */
    public function send_refusal(string $message, string $retry): void {
        http_response_code(403);
        $this->write('local_externalscormbridge/stage_refused', [
            'title' => get_string('stage_refused', config::COMPONENT),
            'message' => $message,
            'retry' => $retry,
        ], "frame-src 'none'");
    }

    /**
     * The page that says that what was stored cannot be read, and asks whether to begin anew.
     *
     * @param string $url of the same launch
     */
    public function send_restart(string $url): void {
        http_response_code(409);
        $this->write('local_externalscormbridge/stage_restart', [
            'title' => get_string('restart_title', config::COMPONENT),
            'action' => $url,
            'sesskey' => sesskey(),
        ], "frame-src 'none'", "'self'");
    }

    /**
     * Renders and sends.
     *
     * @param string $template
     * @param array $data
     * @param string $frames directive for frames
     * @param string $forms where forms may be sent
     */
    private function write(string $template, array $data, string $frames, string $forms = "'none'"): void {
        global $PAGE;

        header('Content-Type: text/html; charset=utf-8');
        header('Cache-Control: private, no-store');
        header('Referrer-Policy: strict-origin');
        header('X-Content-Type-Options: nosniff');
        header('Permissions-Policy: unload=*');
        header("Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
            . "connect-src 'self'; {$frames}; base-uri 'none'; form-action {$forms}; frame-ancestors 'self'");
        echo $PAGE->get_renderer('core')->render_from_template($template, $data + [
            'language' => get_html_lang_attribute_value(current_language()),
            'direction' => right_to_left() ? 'rtl' : 'ltr',
            'style' => $this->asset('stage.css'),
        ]);
    }

    /**
     * URL of a file of the plugin that changes with its version.
     *
     * @param string $file
     * @return string
     */
    private function asset(string $file): string {
        $version = (string) get_config(config::COMPONENT, 'version');
        return (new \moodle_url("/local/externalscormbridge/{$file}", ['v' => $version]))->out(false);
    }
}
