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

use local_externalscormbridge\config;
use local_externalscormbridge\launch\delivery;
use local_externalscormbridge\package\finding;
use local_externalscormbridge\package\installer;
use local_externalscormbridge\package\package;
use local_externalscormbridge\package\prober;
use local_externalscormbridge\package\refresher;
use local_externalscormbridge\package\store;
use local_externalscormbridge\reason;

/**
 * The package type "CDN URL" in the form of a SCORM activity.
 *
 * mod_scorm knows nothing of this type: it stores the row before it refuses what it does not know, and it would fetch an
 * external package on its own. So the form speaks of "cdnurl" until the plugin's own validation has passed, and hands
 * mod_scorm an external package with a manifest URL after that. See type_select and url_text.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class package_fields {
    /** The package type, as the form submits it. */
    public const TYPE = 'cdnurl';

    /** Name under which the accepted URL travels from the form to save(). */
    public const ACCEPTED = 'externalscormbridge_cdnurl';

    /** Oddities of a package that are told; more would bury the page. */
    private const WARNINGS = 5;

    /** Right to choose a CDN URL. */
    private const CAPABILITY = 'local/externalscormbridge:usecdnurl';

    /** @var \WeakMap<\moodleform_mod, self>|null the fields of each form of this request */
    private static ?\WeakMap $forms = null;

    /**
     * Constructor.
     *
     * @param \moodleform_mod $form
     * @param type_select $type
     * @param url_text $url
     * @param package|null $stored the package the activity has
     */
    private function __construct(
        /** @var \moodleform_mod the form */
        private readonly \moodleform_mod $form,
        /** @var type_select the package type */
        private readonly type_select $type,
        /** @var url_text the URL */
        private readonly url_text $url,
        /** @var package|null the package the activity has */
        private readonly ?package $stored
    ) {
    }

    /**
     * Adds the fields to a form of mod_scorm's. Any other form stays as it is, and so does that of a user who may not
     * choose a CDN URL.
     *
     * @param \moodleform_mod $form
     * @param \MoodleQuickForm $mform
     */
    public static function extend(\moodleform_mod $form, \MoodleQuickForm $mform): void {
        if (!$form instanceof \mod_scorm_mod_form || !$mform->elementExists('packagefile')) {
            return;
        }
        $stored = $form->get_instance() ? store::find((int) $form->get_instance()) : null;
        if ($stored === null && !has_capability(self::CAPABILITY, $form->get_context())) {
            return;
        }

        $type = type_select::in_place_of($mform->getElement('scormtype'));
        $mform->removeElement('scormtype');
        $before = $mform->elementExists('packageurl') ? 'packageurl' : 'packagefile';
        $mform->insertElementBefore($type, $before);
        $mform->setType('scormtype', PARAM_ALPHA);
        $mform->addHelpButton('scormtype', 'scormtype', config::COMPONENT);

        if ($mform->elementExists('packageurl')) {
            $mform->removeElement('packageurl');
        }
        $url = new url_text('packageurl', get_string('cdnurl', config::COMPONENT), ['size' => 60]);
        $mform->insertElementBefore($url, 'packagefile');
        $mform->setType('packageurl', PARAM_RAW_TRIMMED);
        $mform->addHelpButton('packageurl', 'cdnurl', config::COMPONENT);
        $mform->hideIf('packageurl', 'scormtype', 'eq', SCORM_TYPE_LOCAL);
        $mform->hideIf('packagefile', 'scormtype', 'noteq', SCORM_TYPE_LOCAL);
        $mform->hideIf('updatefreq', 'scormtype', 'eq', self::TYPE);

        self::$forms ??= new \WeakMap();
        self::$forms[$form] = new self($form, $type, $url, $stored);
    }

    /**
     * The fields of a form.
     *
     * @param \moodleform_mod $form
     * @return self|null null if the form has none
     */
    public static function of(\moodleform_mod $form): ?self {
        return self::$forms[$form] ?? null;
    }

    /**
     * Shows what is stored, unless the form was submitted and shows what was typed.
     */
    public function show_stored(): void {
        if ($this->stored !== null && !$this->form->is_submitted()) {
            $this->type->setValue(self::TYPE);
            $this->url->setValue($this->stored->cdnurl);
        }
    }

    /**
     * Checks what was submitted. Where the fields are not offered their type can still be sent, and mod_scorm would store
     * half an activity before it refuses what it does not know.
     *
     * @param \moodleform_mod $form
     * @param array $data what the form exports
     * @return array messages by element
     */
    public static function check(\moodleform_mod $form, array $data): array {
        if (!$form instanceof \mod_scorm_mod_form || ($data['scormtype'] ?? '') !== self::TYPE) {
            return [];
        }
        return self::of($form)?->validate($data)
            ?? ['packagefile' => get_string('nopermission_url', config::COMPONENT)];
    }

    /**
     * Checks the URL with everything the extension knows: the policy, the CDN, the manifest, the launch files.
     *
     * @param array $data what the form exports
     * @return array messages by element, empty if the package can be used
     */
    private function validate(array $data): array {
        $url = trim((string) ($data['packageurl'] ?? ''));
        if ($url === '') {
            return ['packageurl' => get_string('required')];
        }
        $unchanged = $this->stored !== null && $this->stored->cdnurl === $url;
        if (!$unchanged && !has_capability(self::CAPABILITY, $this->form->get_context())) {
            return ['packageurl' => get_string('nopermission_url', config::COMPONENT)];
        }
        try {
            $probe = prober::probe($url);
        } catch (\Scormbridge\FetchException $e) {
            // The name of an activity can be corrected while its CDN is down; the package stays as it was.
            if (!$unchanged) {
                return ['packageurl' => s(reason::message($e))];
            }
            \core\notification::warning(s(reason::message($e)));
            $this->accept($url, $this->stored->manifesturl, false);
            return [];
        } catch (\Scormbridge\Exception $e) {
            return ['packageurl' => s(reason::message($e))];
        }
        $this->accept($url, $probe['manifest_url'], true);
        return [];
    }

    /**
     * Lets the elements speak mod_scorm's language from here on.
     *
     * @param string $url the URL as entered
     * @param string $manifesturl where the manifest is
     * @param bool $install whether the package is to be stored
     */
    private function accept(string $url, string $manifesturl, bool $install): void {
        $this->type->hand_on($url, $install);
        $this->url->hand_on(package::reference_for($manifesturl));
    }

    /**
     * Stores the package of an activity that was just saved, or lets an activity go that is no longer one of a CDN.
     *
     * Other code that makes activities without a form uses the same way in: type external and the URL under ACCEPTED.
     *
     * @param \stdClass $data the form's data after mod_scorm has stored its own
     * @return \stdClass the same
     */
    public static function save(\stdClass $data): \stdClass {
        if (($data->modulename ?? '') !== 'scorm') {
            return $data;
        }
        $scormid = (int) $data->instance;
        $url = $data->{self::ACCEPTED} ?? null;
        if ($url === null) {
            if (isset($data->scormtype) && store::find($scormid) !== null) {
                installer::release($scormid);
            }
            return $data;
        }
        if ($url !== '') {
            $package = self::store($scormid, $url, prober::probe($url));
            if (!empty($data->frontend)) {
                self::tell($package);
            }
        }
        return $data;
    }

    /**
     * Stores what was found. Another URL is a choice of the instructor's; that the package behind the same URL has changed
     * is none, and goes the way of every check.
     *
     * @param int $scormid
     * @param string $url
     * @param array $probe
     * @return package what the activity plays from now on
     */
    private static function store(int $scormid, string $url, array $probe): package {
        $stored = store::find($scormid);
        if ($stored === null || $stored->cdnurl !== $url) {
            return installer::install($scormid, $url, $probe);
        }
        $finding = refresher::follow($stored, $probe);
        installer::keep_fields($finding->package);
        if ($finding->outcome === finding::WAITING) {
            \core\notification::warning(get_string('package_waits', config::COMPONENT));
        }
        return $finding->package;
    }

    /**
     * Tells the instructor what the check found: how the package will reach learners, and what is odd about it.
     *
     * @param package $package
     */
    private static function tell(package $package): void {
        $config = new config();
        $mode = delivery::mode($package, $config);
        $obstacles = delivery::obstacles($package, $config);
        if ($mode === null) {
            \core\notification::warning(s(reason::text('no_delivery', ['obstacles' => $obstacles])));
        } else {
            \core\notification::info(s(get_string('delivery_chosen', config::COMPONENT, (object) [
                'mode' => get_string("delivery_{$mode}", config::COMPONENT),
                'obstacles' => $obstacles,
            ])));
        }
        foreach (array_slice($package->warnings, 0, self::WARNINGS) as $warning) {
            \core\notification::warning(s($warning['message']));
        }
    }
}
