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

namespace local_externalscormbridge\form;

defined('MOODLE_INTERNAL') || die();

use local_externalscormbridge\config;
use local_externalscormbridge\export\part;
use local_externalscormbridge\export\request;
use local_externalscormbridge\export\selection;

global $CFG;
require_once("{$CFG->libdir}/formslib.php");

/**
 * Whose attempts are exported, which parts, and in which format.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class export_form extends \moodleform {
    /** How the choice of a group begins. */
    private const GROUP = 'group-';

    /** How the choice of a learner begins. */
    private const LEARNER = 'learner-';

    /**
     * The fields. Custom data: the selection that is chosen at first.
     */
    protected function definition() {
        $selection = $this->selected();
        $form = $this->_form;

        $who = ['all' => get_string('export_all', config::COMPONENT)];
        foreach ($selection->groups() as $id => $name) {
            $who[self::GROUP . $id] = get_string('export_group', config::COMPONENT, $name);
        }
        if ($selection->learner !== 0) {
            $who[self::LEARNER . $selection->learner] = fullname(\core_user::get_user($selection->learner, '*', MUST_EXIST));
        }
        $form->addElement('select', 'who', get_string('export_who', config::COMPONENT), $who);
        $form->setDefault('who', match (true) {
            $selection->learner !== 0 => self::LEARNER . $selection->learner,
            isset($who[self::GROUP . $selection->group]) => self::GROUP . $selection->group,
            default => 'all',
        });

        $parts = [];
        foreach (part::cases() as $part) {
            $parts[] = $form->createElement('advcheckbox', $part->value, '', $part->label());
            $form->setDefault("parts[{$part->value}]", 1);
        }
        $form->addGroup($parts, 'parts', get_string('export_parts', config::COMPONENT), '<span class="w-100"></span>');
        $form->addHelpButton('parts', 'export_parts', config::COMPONENT);

        $form->addElement('select', 'format', get_string('export_format', config::COMPONENT), request::formats());
        $form->addHelpButton('format', 'export_format', config::COMPONENT);
        $form->addElement('hidden', 'user', $selection->learner);
        $form->setType('user', PARAM_INT);
        $this->add_action_buttons(false, get_string('export_do', config::COMPONENT));
    }

    /**
     * At least one part must be chosen.
     *
     * @param array $data
     * @param array $files
     * @return array messages by element
     */
    public function validation($data, $files) {
        $errors = parent::validation($data, $files);
        if (array_filter($data['parts'] ?? []) === []) {
            $errors['parts'] = get_string('export_noparts', config::COMPONENT);
        }
        return $errors;
    }

    /**
     * What was asked for.
     *
     * @return request|null null as long as nothing was, or not rightly
     */
    public function request(): ?request {
        $data = $this->get_data();
        if (!$data) {
            return null;
        }
        $number = static fn(string $prefix): int => str_starts_with($data->who, $prefix)
            ? (int) substr($data->who, strlen($prefix))
            : 0;
        return new request(
            new selection($this->selected()->activity, $number(self::LEARNER), $number(self::GROUP)),
            part::named(array_keys(array_filter($data->parts))),
            $data->format
        );
    }

    /**
     * The selection that is chosen at first.
     *
     * @return selection
     */
    private function selected(): selection {
        return $this->_customdata['selection'];
    }
}
