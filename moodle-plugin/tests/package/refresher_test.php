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

namespace local_externalscormbridge\package;

use local_externalscormbridge\event\package_accepted;
use local_externalscormbridge\event\package_changed;
use local_externalscormbridge\event\package_check_failed;
use local_externalscormbridge\event\package_checked;
use local_externalscormbridge\external\commit;
use local_externalscormbridge\fixtures\cdn_activity;
use local_externalscormbridge\fixtures\cdn_server;
use local_externalscormbridge\launch\refused;

defined('MOODLE_INTERNAL') || die();

require_once(__DIR__ . '/../fixtures/cdn_activity.php');
require_once(__DIR__ . '/../fixtures/cdn_server.php');

/**
 * A package that changes under learners who have begun waits until somebody has accepted that very change.
 *
 * @covers \local_externalscormbridge\package\refresher
 * @covers \local_externalscormbridge\package\change_notice
 * @covers \local_externalscormbridge\package\finding
 * @covers \local_externalscormbridge\package\learners
 * @covers \local_externalscormbridge\package\pending
 * @covers \local_externalscormbridge\event\package_accepted
 * @covers \local_externalscormbridge\event\package_changed
 * @covers \local_externalscormbridge\notification
 * @covers \local_externalscormbridge\task\check_packages
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class refresher_test extends \advanced_testcase {
    use cdn_activity;
    use cdn_server;

    /** The second of two parts, and another in its place. */
    private const SECOND = '<item identifier="second" identifierref="second-resource"><title>Second</title></item>';

    /** That other part. */
    private const THIRD = '<item identifier="third" identifierref="second-resource"><title>Third</title></item>';

    /** @var string the manifest as it is at first */
    private string $manifest;

    /**
     * A package on the CDN.
     */
    protected function setUp(): void {
        parent::setUp();
        $this->manifest = file_get_contents(__DIR__ . '/../fixtures/packages/course2004/imsmanifest.xml');
    }

    /**
     * An activity that plays it.
     *
     * @param bool $begun whether a learner has
     * @return \stdClass
     */
    private function activity(bool $begun = true): \stdClass {
        global $DB;

        $this->set_up_course();
        set_config('devmode', 1, 'local_externalscormbridge');
        self::publish($this->manifest);
        $scorm = $this->create_activity('course2004');
        $url = self::$cdn . '/changing/';
        installer::install((int) $scorm->id, $url, prober::ask($url));
        foreach ($begun ? ['first', 'second'] : [] as $sco) {
            commit::execute($this->create_launch($scorm, $sco)->token, $this->journal(['cmi.location' => 'p3']));
        }
        $this->setAdminUser();
        return $DB->get_record('scorm', ['id' => $scorm->id]);
    }

    /**
     * Looks at the package of an activity.
     *
     * @param \stdClass $scorm
     * @return finding
     */
    private static function refresh(\stdClass $scorm): finding {
        return refresher::refresh(store::find((int) $scorm->id));
    }

    /**
     * Identifiers of the parts of an activity.
     *
     * @param \stdClass $scorm
     * @return string[]
     */
    private static function parts(\stdClass $scorm): array {
        global $DB;

        return array_values($DB->get_records_menu('scorm_scoes', ['scorm' => $scorm->id], 'sortorder', 'id, identifier'));
    }

    /**
     * Publishes a package with another second part.
     *
     * @param string $title of the course
     */
    private function publish_other(string $title = 'Two lessons'): void {
        $changed = strtr($this->manifest, [self::SECOND => self::THIRD, 'Two lessons' => $title]);
        self::publish($changed);
    }

    /**
     * Names of the plugin's events that were triggered.
     *
     * @param \phpunit_event_sink $sink
     * @return string[]
     */
    private static function events(\phpunit_event_sink $sink): array {
        $names = array_map('get_class', $sink->get_events());
        $sink->clear();
        return array_values(array_filter($names, static fn(string $name): bool => str_starts_with($name, 'local_')));
    }

    /**
     * Titles do not matter to results: they are followed while learners are at it, and nobody is told.
     */
    public function test_titles_are_followed_at_once(): void {
        global $DB;

        $scorm = $this->activity();
        self::publish(str_replace('<title>Second', '<title>2nd', $this->manifest));
        $messages = $this->redirectMessages();
        $this->assertSame(finding::TAKEN, self::refresh($scorm)->outcome);
        $this->assertSame('2nd', $DB->get_field('scorm_scoes', 'title', ['scorm' => $scorm->id, 'identifier' => 'second']));
        $this->assertSame(0, $messages->count());
    }

    /**
     * Any other change waits, once told to those who can do something about it.
     */
    public function test_a_change_waits_and_is_told_once(): void {
        $scorm = $this->activity();
        $generator = $this->getDataGenerator();
        $editor = $generator->create_and_enrol($this->course, 'editingteacher');
        $generator->create_and_enrol($this->course, 'teacher');
        $this->publish_other();
        $messages = $this->redirectMessages();
        $events = $this->redirectEvents();

        $finding = self::refresh($scorm);
        $this->assertSame(finding::WAITING, $finding->outcome);
        $this->assertSame(['course', 'first', 'second'], self::parts($scorm));
        $this->assertSame(hash('sha256', $this->manifest), store::find((int) $scorm->id)->manifesthash);
        $this->assertSame([package_changed::class], self::events($events));
        $this->assertSame([$editor->id], array_column($messages->get_messages(), 'useridto'));
        [$message] = $messages->get_messages();
        $this->assertSame('packagechanged', $message->eventtype);
        $this->assertStringContainsString('have begun: 1', $message->fullmessage);
        $this->assertStringContainsString('/local/externalscormbridge/package.php?id=', $message->contexturl);

        $this->assertSame(finding::WAITING, self::refresh($scorm)->outcome);
        $this->assertSame([], self::events($events));
        $this->assertSame(1, $messages->count());
        $this->publish_other('Three lessons');
        $this->assertSame(finding::WAITING, self::refresh($scorm)->outcome);
        $this->assertSame(2, $messages->count());
    }

    /**
     * The task goes the same way, and says so.
     */
    public function test_task(): void {
        global $DB;

        $scorm = $this->activity();
        $this->publish_other();
        $DB->set_field('local_externalscormbridge_pkg', 'timechecked', 0);
        $messages = $this->redirectMessages();
        ob_start();
        (new \local_externalscormbridge\task\check_packages())->execute();
        $this->assertStringContainsString('/changing/imsmanifest.xml: waiting', ob_get_clean());
        $this->assertNotNull(pending::find((int) $scorm->id));
        $this->assertSame(0, $messages->count(), 'there is nobody to tell');
        $this->assertGreaterThan(0, store::find((int) $scorm->id)->timechecked);
    }

    /**
     * Where nobody has begun there is nothing to lose.
     */
    public function test_without_attempts_nothing_waits(): void {
        $scorm = $this->activity(false);
        $this->publish_other();
        $events = $this->redirectEvents();
        $this->assertSame(finding::TAKEN, self::refresh($scorm)->outcome);
        $this->assertSame(['course', 'first', 'third'], self::parts($scorm));
        $this->assertSame([package_checked::class, package_changed::class], self::events($events));
    }

    /**
     * A site may want changes at once; those who teach are told all the same.
     */
    public function test_a_site_may_follow_at_once(): void {
        $scorm = $this->activity();
        $this->getDataGenerator()->create_and_enrol($this->course, 'editingteacher');
        set_config('packagechanges', 'follow', 'local_externalscormbridge');
        $this->publish_other();
        $messages = $this->redirectMessages();
        $this->assertSame(finding::TAKEN, self::refresh($scorm)->outcome);
        $this->assertSame(['course', 'first', 'third'], self::parts($scorm));
        $this->assertStringContainsString('follows the new package', $messages->get_messages()[0]->fullmessage);
    }

    /**
     * What was reviewed is taken over: parts that stay keep their results, others go with all that is kept of them.
     */
    public function test_acceptance(): void {
        global $DB;

        $scorm = $this->activity();
        $first = $this->sco_id($scorm, 'first');
        $second = $this->sco_id($scorm, 'second');
        $launch = $this->create_launch($scorm, 'second');
        $this->publish_other();
        self::refresh($scorm);
        $pending = pending::find((int) $scorm->id);
        $removed = difference::between($scorm, $pending->probe['tree'])->removed();
        $this->assertSame([$second => 1], learners::of_scoes((int) $scorm->id, $removed));
        $events = $this->redirectEvents();

        $package = store::find((int) $scorm->id);
        $this->assertSame(finding::TAKEN, refresher::accept($package, $pending->hash())->outcome);
        $this->assertSame([package_checked::class, package_accepted::class], self::events($events));
        $this->assertSame(['course', 'first', 'third'], self::parts($scorm));
        $this->assertNull(pending::find((int) $scorm->id));
        $this->assertSame($first, $this->sco_id($scorm, 'first'));
        $this->assertSame('p3', $this->stored($scorm, 'first')['cmi.location']);
        foreach (['scorm_scoes_value', 'local_externalscormbridge_hist', 'local_externalscormbridge_launch'] as $table) {
            $this->assertFalse($DB->record_exists($table, ['scoid' => $second]), $table);
            $this->assertTrue($DB->record_exists($table, ['scoid' => $first]), $table);
        }
        $this->setUser($this->learner);
        try {
            commit::execute($launch->token, $this->journal(['cmi.location' => 'p4']));
            $this->fail('an open player must not bring a part back');
        } catch (refused $e) {
            $this->assertSame('launch_unknown', $e->reason);
        }
    }

    /**
     * What has changed again since it was reviewed is not taken over.
     */
    public function test_only_what_was_reviewed_is_accepted(): void {
        $scorm = $this->activity();
        $this->publish_other();
        self::refresh($scorm);
        $reviewed = pending::find((int) $scorm->id)->hash();
        $this->publish_other('Three lessons');
        $finding = refresher::accept(store::find((int) $scorm->id), $reviewed);
        $this->assertSame(finding::WAITING, $finding->outcome);
        $this->assertSame(['course', 'first', 'second'], self::parts($scorm));
        $this->assertNotSame($reviewed, pending::find((int) $scorm->id)->hash());
    }

    /**
     * A package that has changed back needs no review.
     */
    public function test_a_package_may_change_back(): void {
        $scorm = $this->activity();
        $this->publish_other();
        self::refresh($scorm);
        $reviewed = pending::find((int) $scorm->id)->hash();
        self::publish($this->manifest);
        $finding = refresher::accept(store::find((int) $scorm->id), $reviewed);
        $this->assertSame(finding::UNCHANGED, $finding->outcome);
        $this->assertNull(pending::find((int) $scorm->id));
    }

    /**
     * A check that fails says why, and leaves what waits.
     */
    public function test_a_failed_check(): void {
        $scorm = $this->activity();
        $this->publish_other();
        self::refresh($scorm);
        self::publish('<rss version="2.0"></rss>');
        $events = $this->redirectEvents();
        $finding = self::refresh($scorm);
        $this->assertSame(finding::FAILED, $finding->outcome);
        $this->assertSame('manifest_not_manifest', $finding->package->checkreason);
        $this->assertSame([package_check_failed::class], self::events($events));
        $this->assertNotNull(pending::find((int) $scorm->id));

        self::publish($this->manifest);
        $this->assertNull(self::refresh($scorm)->package->checkreason);
    }
}
