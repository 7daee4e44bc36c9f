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
use local_externalscormbridge\fixtures\cdn_activity;
use local_externalscormbridge\package\pending;
use local_externalscormbridge\package\store;
use local_externalscormbridge\report\activity;

defined('MOODLE_INTERNAL') || die();

require_once(__DIR__ . '/../fixtures/cdn_activity.php');

/**
 * The page about a package says where it is, how it reaches learners and why, and what a change would cost.
 *
 * @covers \local_externalscormbridge\output\package_panel
 * @covers \local_externalscormbridge\output\package_review
 * @covers \local_externalscormbridge\launch\ways
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class package_panel_test extends \advanced_testcase {
    use cdn_activity;

    /** @var \stdClass the activity */
    private \stdClass $scorm;

    /**
     * An activity of two parts.
     */
    protected function setUp(): void {
        parent::setUp();
        $this->set_up_course();
        $this->scorm = $this->create_activity('course2004');
        $this->setAdminUser();
    }

    /**
     * What the template gets.
     *
     * @param string $outcome of what was just done
     * @return array
     */
    private function panel(string $outcome = ''): array {
        global $PAGE;

        $panel = new package_panel(activity::of((int) $this->scorm->cmid), new config(), $outcome);
        return $panel->export_for_template($PAGE->get_renderer('core'));
    }

    /**
     * Everything about the package, and every way with its reason.
     */
    public function test_what_it_says(): void {
        $panel = $this->panel();
        $this->assertSame('https://cdn.example.com/course/imsmanifest.xml', $panel['manifesturl']);
        $this->assertSame('SCORM 2004', $panel['version']);
        $this->assertSame([2, ['First', 'Second']], [$panel['count'], $panel['scoes']]);
        $this->assertNull($panel['failure']);
        $this->assertNull($panel['review']);
        $this->assertSame(
            [['Direct', 'Not possible'], ['Content host', 'Not possible'], ['Sandbox', 'In use']],
            array_map(static fn(array $way): array => [$way['name'], $way['state']], $panel['ways'])
        );
        $this->assertSame('this site has no content host', $panel['ways'][1]['reason']);

        set_config('contenthost', 'https://content.example.org', 'local_externalscormbridge');
        set_config('delivery', 'host', 'local_externalscormbridge');
        $states = array_column($this->panel()['ways'], 'state', 'name');
        $this->assertSame('In use', $states['Content host']);
        $this->assertSame('Possible, but not used on this site', $states['Sandbox']);
    }

    /**
     * The URL can name an outcome, but nobody is told one that is not so.
     */
    public function test_outcomes_are_told_only_if_they_are_so(): void {
        $this->assertStringContainsString('still the one', $this->panel('unchanged')['notice']);
        foreach (['waiting', 'failed', 'again', 'noconsent', 'nonsense', ''] as $outcome) {
            $this->assertNull($this->panel($outcome)['notice'], $outcome);
        }
        $failure = new \Scormbridge\ManifestException('x');
        $failure->reason = 'url_host';
        $failure->details = ['host' => '<b>cdn</b>'];
        store::check_failed((int) $this->scorm->id, $failure);
        $panel = $this->panel('failed');
        $this->assertStringContainsString('&lt;b&gt;cdn&lt;/b&gt;', $panel['notice']);
        $this->assertStringContainsString('<b>cdn</b>', $panel['failure']);
        $this->assertNull($this->panel('unchanged')['notice']);
    }

    /**
     * What waits is shown part by part, with what learners lose.
     */
    public function test_review(): void {
        global $PAGE;

        $second = $this->sco_id($this->scorm, 'second');
        scorm_insert_track($this->learner->id, $this->scorm->id, $second, 1, 'cmi.location', 'p3');
        $manifest = file_get_contents(__DIR__ . '/../fixtures/packages/course2004/imsmanifest.xml');
        $probe = $this->probe(strtr($manifest, ['"second"' => '"third"', '<title>First' => '<title>The &lt;b&gt;1st&lt;/b&gt;']));
        $activity = activity::of((int) $this->scorm->cmid);
        $this->assertFalse(package_panel::asks_for_consent($activity));
        pending::keep((int) $this->scorm->id, $probe);
        $this->assertTrue(package_panel::asks_for_consent($activity));

        $panel = $this->panel('waiting');
        $this->assertNotNull($panel['notice']);
        $review = $panel['review'];
        $this->assertSame([$probe['manifest_sha256'], 1, true], [$review['manifest'], $review['learners'], $review['losses']]);
        $this->assertSame(
            [['first', 'Changed', 'Results stay'], ['third', 'Added', ''],
                ['second', 'Removed', 'Learners whose results are deleted: 1']],
            array_map(static fn(array $part): array => [$part['identifier'], $part['kind'], $part['fate']], $review['parts'])
        );
        $html = $PAGE->get_renderer('core')->render_from_template('local_externalscormbridge/package_panel', $panel);
        $this->assertStringContainsString('name="consent"', $html);
        $this->assertStringContainsString('Title: First → The &lt;b&gt;1st', $html);
        $this->assertStringNotContainsString('<b>1st', $html);
    }
}
