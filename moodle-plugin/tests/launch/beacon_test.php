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

namespace local_externalscormbridge\launch;

use local_externalscormbridge\event\access_denied;
use local_externalscormbridge\external\commit;
use local_externalscormbridge\fixtures\cdn_activity;
use local_externalscormbridge\keyring;

defined('MOODLE_INTERNAL') || die();

require_once(__DIR__ . '/../fixtures/cdn_activity.php');

/**
 * What arrives without a session counts for its launch's learner, and only with a ticket that is good.
 *
 * @covers \local_externalscormbridge\launch\beacon
 * @covers \local_externalscormbridge\external\own_launch
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class beacon_test extends \advanced_testcase {
    use cdn_activity;

    /**
     * Sends a beacon, as nobody.
     *
     * @param string $ticket
     * @param string $entries
     * @return array{int, string[]} status and logged reasons
     */
    private function send(string $ticket, string $entries): array {
        return $this->send_body('{"ticket":' . json_encode($ticket) . ',"entries":' . $entries . '}');
    }

    /**
     * Sends a body.
     *
     * @param string $body
     * @param string $method
     * @param int|null $now
     * @return array{int, string[]} status and logged reasons
     */
    private function send_body(string $body, string $method = 'POST', ?int $now = null): array {
        $this->setUser(null);
        \cache::make('local_externalscormbridge', 'refusals')->purge();
        $sink = $this->redirectEvents();
        $status = beacon::answer($method, $body, $now ?? time());
        $reasons = [];
        foreach ($sink->get_events() as $event) {
            if ($event instanceof access_denied) {
                $reasons[] = $event->other['reason'];
            }
        }
        $sink->close();
        return [$status, $reasons];
    }

    /**
     * A ticket of the site's own making.
     *
     * @param array $claims in place of good ones
     * @param launch $launch
     * @return string
     */
    private function ticket(array $claims, launch $launch): string {
        global $CFG;

        $ring = keyring::load(keyring::TICKETS);
        return (new \Scormbridge\Tickets($ring['keys'], $ring['current']))->issue($claims + [
            'scope' => 'commit',
            'exp' => time() + HOURSECS,
            'aud' => $CFG->wwwroot,
            'launch' => $launch->token,
        ]);
    }

    /**
     * A beacon is a commit of the launch's learner: tracks, grade and log are theirs; twice counts once.
     */
    public function test_a_beacon_is_a_commit(): void {
        global $CFG, $DB, $USER;
        require_once("{$CFG->libdir}/gradelib.php");

        $this->set_up_course();
        $scorm = $this->create_activity('basic12', ['grademethod' => GRADEHIGHEST, 'maxgrade' => 100]);
        $launch = $this->create_launch($scorm, 'lesson');
        $config = beacon::config($launch, time());
        $this->assertSame("{$CFG->wwwroot}/local/externalscormbridge/beacon.php", $config['url']);
        commit::execute($launch->token, $this->journal(['cmi.core.lesson_location' => 'p1']));
        $rest = $this->journal(['cmi.core.lesson_location' => 'p2', 'cmi.core.score.raw' => '90',
            'cmi.core.lesson_status' => 'completed'], true, 4);
        for ($i = 0; $i < 2; $i++) {
            $this->assertSame([204, []], $this->send($config['ticket'], $rest));
            $this->assertSame((int) $this->learner->id, (int) $USER->id);
        }
        $this->assertSame('p2', $this->stored($scorm, 'lesson')['cmi.core.lesson_location']);
        $this->assertSame('terminated', store::find($launch->token)->status);
        $grades = grade_get_grades($this->course->id, 'mod', 'scorm', $scorm->id, $this->learner->id);
        $this->assertEquals(90, $grades->items[0]->grades[$this->learner->id]->grade);
        $this->assertSame(2, $DB->count_records('local_externalscormbridge_hist'));
        $this->assertSame([403, ['journal_gap']], $this->send($config['ticket'], $this->journal([], false, 20)));
    }

    /**
     * Tickets that are worth nothing.
     */
    public function test_bad_tickets_are_refused(): void {
        $this->set_up_course();
        $scorm = $this->create_activity();
        $launch = $this->create_launch($scorm, 'lesson');
        $good = $this->ticket([], $launch);
        $content = ['scope' => 'content', 'base' => 'https://cdn.example.com/', 'mode' => 'host', 'lms' => 'https://a.example'];
        $ring = keyring::load(keyring::TICKETS);
        $foreign = new \Scormbridge\Tickets([$ring['current'] => str_repeat('ab', 32)], $ring['current']);
        $tickets = [
            '' => '',
            'nonsense' => 'nonsense',
            'changed' => substr($good, 0, -2) . (str_ends_with($good, 'AA') ? 'BB' : 'AA'),
            'expired' => $this->ticket(['exp' => time() - 1], $launch),
            'elsewhere' => $this->ticket(['aud' => 'https://other.example.org'], $launch),
            'of another key' => $foreign->issue([
                'scope' => 'commit', 'exp' => time() + 60, 'aud' => 'https://www.example.com/moodle', 'launch' => $launch->token,
            ]),
        ];
        foreach ($tickets as $name => $ticket) {
            [$status, $reasons] = $this->send($ticket, $this->journal(['cmi.core.lesson_location' => 'p1']));
            $this->assertSame(403, $status, $name);
            $this->assertCount(1, $reasons, $name);
            $this->assertStringStartsWith('ticket_', $reasons[0], $name);
        }
        $issuer = new \Scormbridge\Tickets($ring['keys'], $ring['current']);
        $reading = $issuer->issue($content + ['exp' => time() + 60, 'aud' => 'https://www.example.com/moodle']);
        $this->assertSame(403, $this->send($reading, '[]')[0], 'A ticket to read is none to write.');
        $this->assertSame([], $this->stored($scorm, 'lesson'));
        $this->assertSame(0, store::find($launch->token)->lastseq);

        keyring::rotate(keyring::TICKETS);
        $this->assertSame(204, $this->send($good, $this->journal([]))[0], 'A ticket outlives a new key.');
    }

    /**
     * What is no beacon.
     */
    public function test_what_is_no_beacon_is_refused(): void {
        $this->set_up_course();
        $launch = $this->create_launch($this->create_activity(), 'lesson');
        $ticket = json_encode($this->ticket([], $launch));
        $this->assertSame([405, ['beacon_method']], $this->send_body('', 'GET'));
        $this->assertSame([413, ['beacon_too_large']], $this->send_body(str_repeat(' ', beacon::MAX_BYTES + 1)));
        $bodies = ['', 'null', '[]', '1', '"x"', '{}', "{\"ticket\":{$ticket}}", "{\"ticket\":{$ticket},\"entries\":\"x\"}",
            "{\"ticket\":{$ticket},\"entries\":[],\"more\":1}", '{"ticket":[],"entries":[]}', "\xff"];
        foreach ($bodies as $body) {
            $this->assertSame([400, ['beacon_shape']], $this->send_body($body), $body);
        }
        $this->assertSame([403, ['journal_shape']], $this->send_body("{\"ticket\":{$ticket},\"entries\":[{}]}"));
        $this->assertSame([403, ['journal_shape']], $this->send_body("{\"ticket\":{$ticket},\"entries\":{\"0\":1}}"));
    }

    /**
     * The learner must still be one: what they may not do with a session they may not do without.
     */
    public function test_the_learners_rights_are_those_of_now(): void {
        global $DB;

        $this->set_up_course();
        $scorm = $this->create_activity();
        $launch = $this->create_launch($scorm, 'lesson');
        $ticket = $this->ticket([], $launch);
        $context = \context_module::instance($scorm->cmid);
        $role = (int) $DB->get_field('role', 'id', ['shortname' => 'student']);
        $send = fn(): array => $this->send($ticket, $this->journal(['cmi.core.lesson_location' => 'p1']));

        $enrolment = $DB->get_record('user_enrolments', ['userid' => $this->learner->id], '*', MUST_EXIST);
        $DB->set_field('user_enrolments', 'status', ENROL_USER_SUSPENDED, ['id' => $enrolment->id]);
        $this->assertSame([403, ['not_enrolled']], $send());
        $DB->set_field('user_enrolments', 'status', ENROL_USER_ACTIVE, ['id' => $enrolment->id]);

        set_coursemodule_visible($scorm->cmid, 0);
        $this->assertSame(403, $send()[0]);
        set_coursemodule_visible($scorm->cmid, 1);

        assign_capability('mod/scorm:savetrack', CAP_PROHIBIT, $role, $context->id, true);
        $this->assertSame([403, ['no_savetrack']], $send());
        unassign_capability('mod/scorm:savetrack', $role, $context->id);

        foreach (['suspended' => 1, 'confirmed' => 0, 'auth' => 'nologin'] as $field => $value) {
            $before = $DB->get_field('user', $field, ['id' => $this->learner->id]);
            $DB->set_field('user', $field, $value, ['id' => $this->learner->id]);
            $this->assertSame([403, ['user_inactive']], $send(), $field);
            $DB->set_field('user', $field, $before, ['id' => $this->learner->id]);
        }
        $this->assertSame([], $this->stored($scorm, 'lesson'));
        $this->assertSame([204, []], $send());
        $DB->delete_records('local_externalscormbridge_launch');
        $this->assertSame([403, ['launch_unknown']], $send());
    }

    /**
     * A ticket is for one launch; after Terminate it changes nothing any more.
     */
    public function test_after_terminate_nothing_changes(): void {
        $this->set_up_course();
        $scorm = $this->create_activity();
        $launch = $this->create_launch($scorm, 'lesson');
        $ticket = $this->ticket([], $launch);
        $this->assertSame(204, $this->send($ticket, $this->journal(['cmi.core.lesson_location' => 'p1'], true))[0]);
        $stored = $this->stored($scorm, 'lesson');
        $this->send($ticket, $this->journal(['cmi.core.lesson_location' => 'p2'], true, 4));
        $this->assertSame($stored, $this->stored($scorm, 'lesson'));
    }
}
