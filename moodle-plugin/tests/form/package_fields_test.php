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

use local_externalscormbridge\fixtures\cdn_server;
use local_externalscormbridge\package\finding;
use local_externalscormbridge\package\pending;
use local_externalscormbridge\package\prober;
use local_externalscormbridge\package\refresher;
use local_externalscormbridge\package\store;
use local_externalscormbridge\tracking\track_store;

defined('MOODLE_INTERNAL') || die();

global $CFG;
require_once("{$CFG->dirroot}/course/modlib.php");
require_once("{$CFG->dirroot}/mod/scorm/mod_form.php");
require_once(__DIR__ . '/../fixtures/cdn_server.php');

/**
 * What an instructor can do in the form of a SCORM activity.
 *
 * @covers \local_externalscormbridge\form\package_fields
 * @covers \local_externalscormbridge\form\type_select
 * @covers \local_externalscormbridge\form\url_text
 * @covers \local_externalscormbridge\package\prober
 * @covers \local_externalscormbridge\package\refresher
 * @covers \local_externalscormbridge\reason
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class package_fields_test extends \advanced_testcase {
    use cdn_server;

    /** @var \stdClass course of the test */
    private \stdClass $course;

    /**
     * A course and its teacher, on a site that lets loopback addresses through.
     */
    protected function setUp(): void {
        global $PAGE;

        parent::setUp();
        $this->resetAfterTest();
        set_config('enableavailability', 0);
        set_config('devmode', 1, 'local_externalscormbridge');
        $this->course = $this->getDataGenerator()->create_course([], ['createsections' => true]);
        $this->setUser($this->getDataGenerator()->create_and_enrol($this->course, 'editingteacher'));
        $PAGE->set_course($this->course);
        $PAGE->set_url('/course/modedit.php');
    }

    /**
     * Submits the form for a new activity.
     *
     * @param string $url
     * @param array $more further fields
     * @return \mod_scorm_mod_form
     */
    private function submit(string $url, array $more = []): \mod_scorm_mod_form {
        [, , , , $data] = prepare_new_moduleinfo_data($this->course, 'scorm', 0);
        $data->add = 'scorm';
        return $this->form($data, null, $url, $more);
    }

    /**
     * Submits the form of an activity that exists.
     *
     * @param int $cmid
     * @param string $url
     * @param array $more further fields
     * @return \mod_scorm_mod_form
     */
    private function resubmit(int $cmid, string $url, array $more = []): \mod_scorm_mod_form {
        $cm = get_coursemodule_from_id('scorm', $cmid, 0, false, MUST_EXIST);
        [$cm, , , $data] = get_moduleinfo_data($cm, $this->course);
        $data->update = $cmid;
        return $this->form($data, $cm, $url, $more + ['name' => $cm->name]);
    }

    /**
     * A submitted form.
     *
     * @param \stdClass $data
     * @param \stdClass|null $cm
     * @param string $url
     * @param array $more
     * @return \mod_scorm_mod_form
     */
    private function form(\stdClass $data, ?\stdClass $cm, string $url, array $more): \mod_scorm_mod_form {
        \mod_scorm_mod_form::mock_submit($more + [
            'name' => 'Fire safety',
            'scormtype' => package_fields::TYPE,
            'packageurl' => $url,
            'cmidnumber' => '',
            'instance' => (int) $data->instance,
            'coursemodule' => (int) $data->coursemodule,
            'introeditor' => ['text' => '', 'format' => FORMAT_HTML, 'itemid' => file_get_unused_draft_itemid()],
        ]);
        $form = new \mod_scorm_mod_form($data, 0, $cm, $this->course);
        $form->set_data($data);
        return $form;
    }

    /**
     * The message at an element of a form that was refused.
     *
     * @param \mod_scorm_mod_form $form
     * @param string $element
     * @return string|null
     */
    private function message(\mod_scorm_mod_form $form, string $element): ?string {
        $this->assertNull($form->get_data());
        $quickform = (new \ReflectionProperty(\moodleform::class, '_form'))->getValue($form);
        return $quickform->getElementError($element);
    }

    /**
     * Saves a new activity.
     *
     * @param string $url
     * @param array $more further fields
     * @return \stdClass the form's data after saving
     */
    private function save(string $url, array $more = []): \stdClass {
        $form = $this->submit($url, $more);
        $data = $form->get_data();
        $this->assertNotNull($data, (string) $form->is_validated());
        return add_moduleinfo($data, $this->course, $form);
    }

    /**
     * Addresses that lead to the same package.
     *
     * @return array
     */
    public static function addresses(): array {
        return [
            'the manifest' => ['/basic12/imsmanifest.xml'],
            'its folder' => ['/basic12/'],
            'its launch page' => ['/basic12/index.html'],
        ];
    }

    /**
     * A package can be given by each of its addresses; it is stored with its tree.
     *
     * @dataProvider addresses
     * @param string $path
     */
    public function test_saving(string $path): void {
        global $DB;

        $saved = $this->save(self::$cdn . $path);
        $scorm = $DB->get_record('scorm', ['id' => $saved->instance], '*', MUST_EXIST);
        $this->assertSame('external', $scorm->scormtype);
        $this->assertSame('SCORM_1.2', $scorm->version);
        $this->assertSame(self::$cdn . '/basic12/imsmanifest.xml', $scorm->reference);
        $this->assertSame('lesson', $DB->get_field('scorm_scoes', 'identifier', ['id' => $scorm->launch]));
        $package = store::find((int) $scorm->id);
        $this->assertSame(self::$cdn . $path, $package->cdnurl);
        $this->assertSame(self::$cdn . '/basic12/', $package->baseurl);
        $this->assertTrue($package->delivery['sandbox']['usable']);
        $this->assertFalse($package->delivery['direct']['usable']);
    }

    /**
     * The instructor is told how the package will reach learners, and why not in a better way.
     */
    public function test_delivery_is_told(): void {
        $form = $this->submit(self::$cdn . '/basic12/');
        $data = $form->get_data();
        $data->frontend = true;
        add_moduleinfo($data, $this->course, $form);
        [$told] = \core\notification::fetch();
        $this->assertStringContainsString('Sandbox', $told->get_message());
        $this->assertStringContainsString('/basic12/scormbridge/relay.json', $told->get_message());

        set_config('delivery', 'direct', 'local_externalscormbridge');
        $form = $this->submit(self::$cdn . '/basic12/');
        $data = $form->get_data();
        $data->frontend = true;
        add_moduleinfo($data, $this->course, $form);
        [$told] = \core\notification::fetch();
        $this->assertSame(\core\notification::WARNING, $told->get_message_type());
    }

    /**
     * The same where mod_scorm's own external packages are allowed, and it parses the package itself.
     */
    public function test_saving_beside_external_packages(): void {
        global $DB;

        set_config('allowtypeexternal', 1, 'scorm');
        set_config('allowtypelocalsync', 1, 'scorm');
        $saved = $this->save(self::$cdn . '/course2004/');
        $this->assertSame('external', $DB->get_field('scorm', 'scormtype', ['id' => $saved->instance]));
        $identifiers = $DB->get_fieldset('scorm_scoes', 'identifier', ['scorm' => $saved->instance]);
        $this->assertEqualsCanonicalizing(['course', 'first', 'second'], $identifiers);
        $this->assertSame('2004', store::find((int) $saved->instance)->version);
    }

    /**
     * What bad input gets, with development mode on.
     *
     * @return array reason code by case
     */
    public static function wrong_packages(): array {
        return [
            'a web page' => ['/page/imsmanifest.xml', 'probe_manifest_is_page'],
            'XML that is no manifest' => ['/other/imsmanifest.xml', 'manifest_not_manifest'],
            'not well-formed' => ['/broken/imsmanifest.xml', 'manifest_not_xml'],
            'cut off' => ['/cut/imsmanifest.xml', 'manifest_truncated'],
            'empty' => ['/empty/imsmanifest.xml', 'manifest_empty'],
            'nothing to launch' => ['/nosco/imsmanifest.xml', 'probe_no_launchable_sco'],
            'launch file missing' => ['/nolaunch/imsmanifest.xml', 'probe_launch_missing'],
            'too large' => ['/large/imsmanifest.xml', 'fetch_too_large'],
            'redirect to a private address' => ['/private/imsmanifest.xml', 'fetch_redirect_refused'],
            'nothing there' => ['/nothing/', 'probe_manifest_not_found'],
        ];
    }

    /**
     * A wrong package is refused with its own message, and nothing is stored.
     *
     * @dataProvider wrong_packages
     * @param string $path
     * @param string $reason
     */
    public function test_wrong_packages(string $path, string $reason): void {
        set_config('maxmanifestmb', 1, 'local_externalscormbridge');
        $this->assert_refused(self::$cdn . $path, $reason);
    }

    /**
     * URLs that are refused before anything is asked.
     *
     * @return array reason code by case
     */
    public static function wrong_urls(): array {
        return [
            'not https' => ['http://cdn.example.com/imsmanifest.xml', 'url_scheme'],
            'another scheme' => ['ftp://cdn.example.com/', 'url_scheme'],
            'not a URL' => ['imsmanifest.xml', 'url_malformed'],
            'a password' => ['https://me:secret@cdn.example.com/', 'url_user_info'],
            'a private address' => ['https://192.168.1.1/imsmanifest.xml', 'url_private_address'],
            'loopback' => ['https://127.0.0.1/imsmanifest.xml', 'url_private_address'],
            'link-local' => ['https://169.254.169.254/latest/', 'url_private_address'],
            'a name inside a network' => ['https://intranet/imsmanifest.xml', 'url_local_name'],
            'another port' => ['https://cdn.example.com:8443/', 'url_port'],
            'too long' => ['https://cdn.example.com/' . str_repeat('a', 2048), 'url_too_long'],
            'not on the list' => ['https://elsewhere.example.org/', 'url_host_not_allowed'],
        ];
    }

    /**
     * A wrong URL is refused with its own message, and nothing is stored.
     *
     * @dataProvider wrong_urls
     * @param string $url
     * @param string $reason
     */
    public function test_wrong_urls(string $url, string $reason): void {
        set_config('devmode', 0, 'local_externalscormbridge');
        if ($reason === 'url_host_not_allowed') {
            set_config('allowlist', "cdn.example.com\n*.cdn.example.com # all of them", 'local_externalscormbridge');
        }
        $this->assert_refused($url, $reason);
    }

    /**
     * Asserts that the form refuses a URL with the message for a reason and stores nothing.
     *
     * @param string $url
     * @param string $reason
     */
    private function assert_refused(string $url, string $reason): void {
        global $DB;

        $message = $this->message($this->submit($url), 'packageurl');
        $pattern = preg_split('/\{\$a->\w+\}/', get_string_manager()->get_string("error_{$reason}", 'local_externalscormbridge'));
        foreach ($pattern as $part) {
            $this->assertStringContainsString(s($part), (string) $message);
        }
        $this->assertStringNotContainsString('{$a', $message);
        foreach (['scorm', 'scorm_scoes', 'local_externalscormbridge_pkg', 'course_modules'] as $table) {
            $this->assertSame(0, $DB->count_records($table), $table);
        }
    }

    /**
     * An empty URL is asked for.
     */
    public function test_empty_url(): void {
        $this->assertSame(get_string('required'), $this->message($this->submit(' '), 'packageurl'));
    }

    /**
     * What a message quotes cannot become HTML.
     */
    public function test_messages_are_escaped(): void {
        $message = $this->message($this->submit('<script>alert(1)</script>://x'), 'packageurl');
        $this->assertStringNotContainsString('<script>', $message);
    }

    /**
     * A teacher without the right does not see the type, and cannot submit it either.
     */
    public function test_without_the_capability(): void {
        global $DB;

        $role = $DB->get_field('role', 'id', ['shortname' => 'editingteacher']);
        $context = \context_course::instance($this->course->id);
        assign_capability('local/externalscormbridge:usecdnurl', CAP_PROHIBIT, $role, $context->id);
        $form = $this->submit(self::$cdn . '/basic12/');
        $this->assertNull(package_fields::of($form));
        $refusal = get_string('nopermission_url', 'local_externalscormbridge');
        $this->assertSame($refusal, $this->message($form, 'packagefile'));
    }

    /**
     * Editing shows the URL as it was entered, whatever its length, and keeps the SCOs.
     */
    public function test_editing(): void {
        global $DB;

        $long = self::$cdn . '/basic12/index.html?' . str_repeat('a', 300);
        $saved = $this->save($long);
        $scoes = $DB->get_fieldset('scorm_scoes', 'id', ['scorm' => $saved->instance]);

        $_POST = [];
        $cm = get_coursemodule_from_id('scorm', $saved->coursemodule, 0, false, MUST_EXIST);
        [$cm, , , $data] = get_moduleinfo_data($cm, $this->course);
        $form = new \mod_scorm_mod_form($data, 0, $cm, $this->course);
        $form->set_data($data);
        $html = $form->render();
        $this->assertMatchesRegularExpression('/<option value="cdnurl"\s+selected/', $html);
        $this->assertStringContainsString('value="' . $long . '"', $html);

        $form = $this->resubmit($saved->coursemodule, $long, ['name' => 'Renamed']);
        update_moduleinfo($cm, $form->get_data(), $this->course, $form);
        $this->assertSame('Renamed', $DB->get_field('scorm', 'name', ['id' => $saved->instance]));
        $this->assertSame($long, store::find((int) $saved->instance)->cdnurl);
        $this->assertSame($scoes, $DB->get_fieldset('scorm_scoes', 'id', ['scorm' => $saved->instance]));
    }

    /**
     * Saving the form takes no change over that waits for review; choosing another URL is a decision.
     */
    public function test_editing_while_a_change_waits(): void {
        global $DB;

        $manifest = file_get_contents(__DIR__ . '/../fixtures/packages/basic12/imsmanifest.xml');
        self::publish($manifest);
        $saved = $this->save(self::$cdn . '/changing/');
        $scormid = (int) $saved->instance;
        $lesson = $DB->get_field('scorm_scoes', 'id', ['scorm' => $scormid, 'identifier' => 'lesson']);
        $learner = $this->getDataGenerator()->create_and_enrol($this->course, 'student');
        scorm_insert_track($learner->id, $scormid, $lesson, 1, 'cmi.core.lesson_location', 'p3');

        self::publish(str_replace('<adlcp:masteryscore>80', '<adlcp:masteryscore>70', $manifest));
        $this->redirectMessages();
        $this->save_again($saved->coursemodule, self::$cdn . '/changing/');
        $this->assertNotNull(pending::find($scormid));
        $this->assertSame(hash('sha256', $manifest), store::find($scormid)->manifesthash);
        $scorm = $DB->get_record('scorm', ['id' => $scormid]);
        $this->assertSame(store::find($scormid)->reference(), $scorm->reference);
        $this->assertSame(sha1($scorm->reference), $scorm->sha1hash);
        $this->assertSame('80', $DB->get_field('scorm_scoes_data', 'value', ['scoid' => $lesson, 'name' => 'masteryscore']));

        $this->save_again($saved->coursemodule, self::$cdn . '/basic12/');
        $this->assertNull(pending::find($scormid));
        $this->assertSame(self::$cdn . '/basic12/', store::find($scormid)->cdnurl);
    }

    /**
     * Saves an activity that exists, with some URL.
     *
     * @param int $cmid
     * @param string $url
     */
    private function save_again(int $cmid, string $url): void {
        $_POST = [];
        // Each request asks the CDN anew.
        (new \ReflectionClass(prober::class))->setStaticPropertyValue('probes', []);
        $cm = get_coursemodule_from_id('scorm', $cmid, 0, false, MUST_EXIST);
        $form = $this->resubmit($cmid, $url);
        update_moduleinfo($cm, $form->get_data(), $this->course, $form);
    }

    /**
     * The name can be corrected while the CDN is down; another URL cannot be chosen then.
     */
    public function test_editing_while_the_cdn_is_down(): void {
        global $DB;

        $saved = $this->save(self::$cdn . '/basic12/');
        $down = 'http://127.0.0.1:1/basic12/';
        $DB->set_field('local_externalscormbridge_pkg', 'cdnurl', $down, ['scormid' => $saved->instance]);
        $before = store::find((int) $saved->instance);
        $form = $this->resubmit($saved->coursemodule, $down, ['name' => 'Renamed']);
        $data = $form->get_data();
        $this->assertNotNull($data);
        $cm = get_coursemodule_from_id('scorm', $saved->coursemodule, 0, false, MUST_EXIST);
        update_moduleinfo($cm, $data, $this->course, $form);
        $this->assertSame('Renamed', $DB->get_field('scorm', 'name', ['id' => $saved->instance]));
        $this->assertEquals($before, store::find((int) $saved->instance));
        $this->assertSame($before->manifesturl, $DB->get_field('scorm', 'reference', ['id' => $saved->instance]));
        $warnings = \core\notification::fetch();
        $this->assertCount(1, $warnings);

        $other = $this->resubmit($saved->coursemodule, 'http://127.0.0.1:1/other/');
        $this->assertNotNull($this->message($other, 'packageurl'));
    }

    /**
     * An activity can go back to an upload: what was sealed becomes plain, and the plugin forgets it.
     */
    public function test_going_back_to_an_upload(): void {
        global $CFG, $DB, $USER;

        $saved = $this->save(self::$cdn . '/basic12/');
        $scormid = (int) $saved->instance;
        $scoid = (int) $DB->get_field('scorm_scoes', 'id', ['scorm' => $scormid, 'identifier' => 'lesson']);
        $tracks = new track_store($scormid, (int) $USER->id, $scoid, 1);
        $tracks->write([['element' => 'cmi.suspend_data', 'value' => 'p=3', 'class' => 'suspend']]);

        $draft = file_get_unused_draft_itemid();
        $file = ['component' => 'user', 'filearea' => 'draft', 'contextid' => \context_user::instance($USER->id)->id];
        get_file_storage()->create_file_from_pathname(
            $file + ['itemid' => $draft, 'filepath' => '/', 'filename' => 'package.zip'],
            $this->zip()
        );
        $_REQUEST = ['packagefile' => $draft, 'sesskey' => sesskey()];
        $_POST['sesskey'] = sesskey();
        $form = $this->resubmit($saved->coursemodule, '', ['scormtype' => SCORM_TYPE_LOCAL, 'packagefile' => $draft]);
        $data = $form->get_data();
        $this->assertNotNull($data);
        $cm = get_coursemodule_from_id('scorm', $saved->coursemodule, 0, false, MUST_EXIST);
        update_moduleinfo($cm, $data, $this->course, $form);

        $this->assertSame(SCORM_TYPE_LOCAL, $DB->get_field('scorm', 'scormtype', ['id' => $scormid]));
        $this->assertNull(store::find($scormid));
        $kept = $DB->get_field('scorm_scoes', 'id', ['scorm' => $scormid, 'identifier' => 'lesson']);
        $this->assertSame($scoid, (int) $kept);
        $this->assertSame('p=3', scorm_get_sco_value($scoid, $USER->id, 'cmi.suspend_data', 1)->value);
    }

    /**
     * The fixture's package as an upload.
     *
     * @return string path
     */
    private function zip(): string {
        $path = make_request_directory() . '/package.zip';
        $archive = new \ZipArchive();
        $archive->open($path, \ZipArchive::CREATE);
        foreach (['imsmanifest.xml', 'index.html', 'leaflet.html'] as $name) {
            $archive->addFile(__DIR__ . "/../fixtures/packages/basic12/{$name}", $name);
        }
        $archive->close();
        return $path;
    }

    /**
     * The refresh takes a changed manifest over, and leaves the activity alone when the package is gone.
     */
    public function test_refresh(): void {
        global $DB;

        $saved = $this->save(self::$cdn . '/basic12/');
        $scormid = (int) $saved->instance;
        $DB->set_field('local_externalscormbridge_pkg', 'manifesthash', 'old', ['scormid' => $scormid]);
        $DB->set_field('scorm_scoes', 'title', 'Old', ['scorm' => $scormid, 'identifier' => 'lesson']);
        $this->assertSame(finding::TAKEN, refresher::refresh(store::find($scormid))->outcome);
        $title = $DB->get_field('scorm_scoes', 'title', ['scorm' => $scormid, 'identifier' => 'lesson']);
        $this->assertSame('Lesson', $title);

        $DB->set_field('local_externalscormbridge_pkg', 'cdnurl', self::$cdn . '/nothing/', ['scormid' => $scormid]);
        $sink = $this->redirectEvents();
        $this->assertSame(finding::FAILED, refresher::refresh(store::find($scormid))->outcome);
        $events = array_map('get_class', $sink->get_events());
        $this->assertSame([\local_externalscormbridge\event\package_check_failed::class], $events);
        $failed = store::find($scormid);
        $this->assertSame('probe_manifest_not_found', $failed->checkreason);
        $this->assertStringContainsString('/nothing/', $failed->checkdetails['tried']);
        $this->assertSame(3, $DB->count_records('scorm_scoes', ['scorm' => $scormid]));
    }
}
