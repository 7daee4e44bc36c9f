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

namespace local_externalscormbridge;

use core_external\external_api;
use local_externalscormbridge\export\download;
use local_externalscormbridge\export\job;
use local_externalscormbridge\export\part;
use local_externalscormbridge\export\request;
use local_externalscormbridge\export\selection;
use local_externalscormbridge\fixtures\cdn_activity;
use local_externalscormbridge\launch\beacon;
use local_externalscormbridge\launch\launch;
use local_externalscormbridge\launch\session_status;
use local_externalscormbridge\launch\store as launch_store;
use local_externalscormbridge\output\learner_report;
use local_externalscormbridge\output\package_panel;
use local_externalscormbridge\report\activity;
use local_externalscormbridge\report\reset;

defined('MOODLE_INTERNAL') || die();

require_once(__DIR__ . '/fixtures/cdn_activity.php');

/**
 * Every function and page against everybody who must not use it: refused, with nothing stored, and with an entry in the
 * standard log that says who, when and why.
 *
 * @covers \local_externalscormbridge\entrance
 * @covers \local_externalscormbridge\ticket_log
 * @covers \local_externalscormbridge\event\access_denied
 * @covers \local_externalscormbridge\external\commit
 * @covers \local_externalscormbridge\external\launch
 * @covers \local_externalscormbridge\external\own_launch
 * @covers \local_externalscormbridge\external\report
 * @covers \local_externalscormbridge\external\report_stamp
 * @covers \local_externalscormbridge\external\trial_begin
 * @covers \local_externalscormbridge\external\trial_outcome
 * @covers \local_externalscormbridge\launch\beacon
 * @covers \local_externalscormbridge\launch\session_status
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class entry_points_test extends \advanced_testcase {
    use cdn_activity;

    /** @var \stdClass the activity */
    private \stdClass $scorm;

    /** @var int id of an administrator's export */
    private int $export;

    /** @var launch a running launch of the learner's */
    private launch $launch;

    /**
     * Who tries what, and the reason in the log. A situation is one of in_situation().
     *
     * @return array[] entry point, situation, reason
     */
    private static function attempts(): array {
        $attempts = [];
        $common = [
            'nobody' => 'not_signed_in', 'wrong sesskey' => 'sesskey', 'stranger' => 'not_enrolled',
            'suspended enrolment' => 'not_enrolled', 'unenrolled' => 'not_enrolled', 'hidden' => 'not_available',
            'hidden course' => 'not_available',
        ];
        foreach (['commit', 'report', 'launch'] as $function) {
            foreach ($common as $situation => $reason) {
                // To a stranger a launch of another's is one that does not exist.
                $isanother = $situation === 'stranger' && $function !== 'launch';
                $attempts[] = [$function, $situation, $isanother ? 'launch_of_another' : $reason];
            }
        }
        foreach (['commit', 'report'] as $function) {
            $attempts[] = [$function, 'other learner', 'launch_of_another'];
            $attempts[] = [$function, 'teacher', 'launch_of_another'];
            $attempts[] = [$function, 'deleted launch', 'launch_unknown'];
        }
        $attempts[] = ['commit', 'no capability', 'no_savetrack'];
        $attempts[] = ['commit', 'terminated', 'entry_terminated'];
        $attempts[] = ['commit', 'attempts used', 'attempt_limit'];
        $attempts[] = ['launch', 'closed', 'not_available'];
        foreach (['view', 'player', 'stage'] as $page) {
            foreach (array_diff_key($common, ['wrong sesskey' => 0]) as $situation => $reason) {
                $attempts[] = [$page, $situation, $reason];
            }
        }
        foreach (['live report', 'learner report', 'reset', 'export', 'file of an export'] as $page) {
            foreach (array_diff_key($common, ['wrong sesskey' => 0]) as $situation => $reason) {
                $attempts[] = [$page, $situation, $reason];
            }
            $attempts[] = [$page, 'other learner', 'no_viewreport'];
        }
        foreach (array_diff_key($common, ['wrong sesskey' => 0]) as $situation => $reason) {
            $attempts[] = ['package', $situation, $reason];
        }
        $attempts[] = ['package', 'other learner', 'no_manageactivities'];
        $attempts[] = ['package', 'assistant', 'no_manageactivities'];
        foreach ($common as $situation => $reason) {
            $attempts[] = ['stamp', $situation, $reason];
        }
        $attempts[] = ['stamp', 'other learner', 'no_viewreport'];
        $attempts[] = ['reset', 'teacher without the right', 'no_deleteresponses'];
        $attempts[] = ['learner report', 'teacher of another group', 'learner_not_visible'];
        $attempts[] = ['export', 'teacher of another group', 'learner_not_visible'];
        $attempts[] = ['export', 'teacher without answers', 'no_viewresponses'];
        $attempts[] = ['file of an export', 'teacher', 'export_of_another'];
        $ofbeacon = [
            'suspended enrolment' => 'not_enrolled', 'unenrolled' => 'not_enrolled', 'hidden' => 'not_available',
            'hidden course' => 'not_available', 'no capability' => 'no_savetrack', 'terminated' => 'entry_terminated',
            'attempts used' => 'attempt_limit', 'deleted launch' => 'launch_unknown', 'suspended account' => 'user_inactive',
        ];
        foreach ($ofbeacon as $situation => $reason) {
            $attempts[] = ['beacon', $situation, $reason];
        }
        $attempts[] = ['beacon without ticket', 'nobody', 'beacon_shape'];
        $attempts[] = ['beacon with a bad ticket', 'nobody', 'ticket_malformed'];
        $attempts[] = ['beacon with a ticket to read', 'nobody', 'ticket_scope'];
        $attempts[] = ['beacon by GET', 'nobody', 'beacon_method'];
        foreach (['diagnose', 'trial'] as $page) {
            $attempts[] = [$page, 'nobody', 'not_signed_in'];
            $attempts[] = [$page, 'other learner', 'no_config'];
            $attempts[] = [$page, 'teacher', 'no_config'];
        }
        foreach (['trial_begin', 'trial_outcome'] as $function) {
            $attempts[] = [$function, 'nobody', 'not_signed_in'];
            $attempts[] = [$function, 'wrong sesskey', 'sesskey'];
            $attempts[] = [$function, 'teacher', 'no_config'];
        }
        $attempts[] = ['commit of a trial', 'nobody', 'not_signed_in'];
        $attempts[] = ['commit of a trial', 'teacher', 'launch_unknown'];
        $attempts[] = ['report of a trial', 'teacher', 'launch_unknown'];
        $attempts[] = ['session', 'nobody', 'not_signed_in'];
        $attempts[] = ['session', 'guest', 'not_signed_in'];
        $attempts[] = ['session from elsewhere', 'other learner', 'session_foreign'];
        $attempts[] = ['session by POST', 'other learner', 'session_method'];
        $attempts[] = ['content with a bad ticket', 'nobody', 'ticket_malformed'];
        $attempts[] = ['content with a ticket to write', 'nobody', 'ticket_scope'];
        $attempts[] = ['content of another host', 'nobody', 'ticket_audience'];
        return $attempts;
    }

    /**
     * Feature: external-scorm-bridge, Property 22: a teacher sees no learner whom they may not see.
     * Feature: external-scorm-bridge, Property 23: only who is enrolled and may, gets in.
     * Feature: external-scorm-bridge, Property 24: every other attempt is denied and logged with user, time and reason.
     */
    public function test_properties_23_and_24_every_entry_point(): void {
        global $DB;

        $this->preventResetByRollback();
        $this->set_up_course();
        set_config('enabled_stores', 'logstore_standard', 'tool_log');
        set_config('buffersize', 0, 'logstore_standard');
        get_log_manager(true);
        $refused = 0;
        foreach (self::attempts() as [$point, $situation, $reason]) {
            $name = "{$point}: {$situation}";
            $this->learner = $this->getDataGenerator()->create_and_enrol($this->course, 'student');
            $this->scorm = $this->create_activity();
            $this->launch = $this->create_launch($this->scorm, 'lesson');
            $this->export = $this->queue_export();
            $this->in_situation($situation);
            $by = $this->acts_as($point);
            \cache::make('local_externalscormbridge', 'refusals')->purge();
            $DB->delete_records('logstore_standard_log');
            $state = $this->state();
            $now = time();

            $this->assertTrue($this->is_refused($point), "{$name} was let in");
            $this->assertEquals($state, $this->state(), "{$name} changed something");
            $conditions = ['eventname' => '\\local_externalscormbridge\\event\\access_denied'];
            $logged = array_values($DB->get_records('logstore_standard_log', $conditions));
            $this->assertCount(1, $logged, $name);
            $this->assertSame(['reason' => $reason], json_decode($logged[0]->other, true), $name);
            $this->assertSame($by, (int) $logged[0]->userid, $name);
            $this->assertGreaterThanOrEqual($now, (int) $logged[0]->timecreated, $name);
            $refused++;
            $this->out_of_situation($situation);
        }
        fwrite(STDERR, "\nentry points: {$refused} attempts, {$refused} refused and logged\n");
        $this->assertSame(count(self::attempts()), $refused);
    }

    /**
     * Has an administrator ask for an export, and the learner be there again.
     *
     * @return int its id
     */
    private function queue_export(): int {
        $this->setAdminUser();
        $request = new request(new selection(activity::of($this->scorm->cmid)), [part::SUMMARY], 'csv');
        $id = job::queue($request)->id();
        $this->setUser($this->learner);
        return $id;
    }

    /**
     * Whoever has every right gets in everywhere, or the refusals above show nothing.
     */
    public function test_who_may_gets_in(): void {
        $this->set_up_course();
        $this->scorm = $this->create_activity();
        $this->launch = $this->create_launch($this->scorm, 'lesson');
        foreach (['commit', 'report', 'launch', 'view', 'player', 'stage', 'session', 'beacon'] as $point) {
            $this->setUser($this->learner);
            $_POST['sesskey'] = sesskey();
            $this->assertFalse($this->is_refused($point), $point);
        }
        $this->setUser($this->getDataGenerator()->create_and_enrol($this->course, 'editingteacher'));
        $_POST['sesskey'] = sesskey();
        foreach (['live report', 'learner report', 'reset', 'stamp', 'export', 'package'] as $point) {
            $this->assertFalse($this->is_refused($point), $point);
        }
        $this->setAdminUser();
        $_POST['sesskey'] = sesskey();
        foreach (['diagnose', 'trial'] as $point) {
            $this->assertFalse($this->is_refused($point), $point);
        }
    }

    /**
     * What must not change when somebody is refused.
     *
     * @return array
     */
    private function state(): array {
        global $DB;

        $launches = $DB->get_records('local_externalscormbridge_launch', null, 'id', 'id, token');
        return [$launches, $DB->get_records('scorm_scoes_value', null, 'id'), $DB->get_records('scorm_attempt', null, 'id')];
    }

    /**
     * Makes somebody of the current user, or something of the activity.
     *
     * @param string $situation
     */
    private function in_situation(string $situation): void {
        global $DB;

        $generator = $this->getDataGenerator();
        $theirs = ['userid' => $this->learner->id];
        $_POST['sesskey'] = sesskey();
        match ($situation) {
            'nobody' => $this->setUser(null),
            'guest' => $this->setGuestUser(),
            'wrong sesskey' => $_POST['sesskey'] = 'nonsense',
            'stranger' => $this->setUser($generator->create_user()),
            'other learner' => $this->setUser($generator->create_and_enrol($this->course, 'student')),
            'teacher' => $this->setUser($generator->create_and_enrol($this->course, 'editingteacher')),
            'assistant' => $this->setUser($generator->create_and_enrol($this->course, 'teacher')),
            'teacher without the right' => $this->be_teacher('mod/scorm:deleteresponses'),
            'teacher without answers' => $this->be_teacher(learner_report::ANSWERS),
            'teacher of another group' => $this->be_teacher('moodle/site:accessallgroups'),
            'suspended enrolment' => $DB->set_field('user_enrolments', 'status', ENROL_USER_SUSPENDED, $theirs),
            'unenrolled' => $DB->delete_records('user_enrolments', $theirs),
            'hidden' => set_coursemodule_visible($this->scorm->cmid, 0),
            'hidden course' => $this->set_course_visible(0),
            'no capability' => $this->prohibit('mod/scorm:savetrack'),
            'deleted launch' => $DB->delete_records('local_externalscormbridge_launch', ['id' => $this->launch->id]),
            'terminated' => external\commit::execute($this->launch->token, $this->journal([], true)),
            'attempts used' => $this->use_attempts(),
            'closed' => $DB->set_field('scorm', 'timeclose', time() - 1, ['id' => $this->scorm->id]),
            'suspended account' => $DB->set_field('user', 'suspended', 1, ['id' => $this->learner->id]),
        };
        \course_modinfo::clear_instance_cache();
        if (isloggedin() && !isguestuser()) {
            // As the next request finds it, without what this one remembers.
            global $USER;
            $user = $DB->get_record('user', ['id' => $USER->id]);
            $key = $_POST['sesskey'] === 'nonsense' ? 'nonsense' : null;
            $this->setUser($user);
            $_POST['sesskey'] = $key ?? sesskey();
        }
    }

    /**
     * Undoes what concerns others too.
     *
     * @param string $situation
     */
    private function out_of_situation(string $situation): void {
        if ($situation === 'hidden course') {
            $this->set_course_visible(1);
        }
    }

    /**
     * Shows or hides the course.
     *
     * @param int $visible
     */
    private function set_course_visible(int $visible): void {
        global $COURSE, $DB, $SITE;

        $DB->set_field('course', 'visible', $visible, ['id' => $this->course->id]);
        \course_modinfo::clear_instance_cache();
        $COURSE = clone $SITE;
    }

    /**
     * Takes a right away.
     *
     * @param string $capability
     * @param string $from short name of a role
     */
    private function prohibit(string $capability, string $from = 'student'): void {
        global $DB;

        $role = $DB->get_field('role', 'id', ['shortname' => $from]);
        assign_capability($capability, CAP_PROHIBIT, $role, \context_module::instance($this->scorm->cmid)->id, true);
    }

    /**
     * Makes the current user a teacher without a right, where groups are separate.
     *
     * @param string $capability
     */
    private function be_teacher(string $capability): void {
        $groups = $capability === 'moodle/site:accessallgroups' ? SEPARATEGROUPS : NOGROUPS;
        set_coursemodule_groupmode($this->scorm->cmid, $groups);
        $this->prohibit($capability, 'editingteacher');
        $this->setUser($this->getDataGenerator()->create_and_enrol($this->course, 'editingteacher'));
    }

    /**
     * Has the launch be of an attempt beyond those allowed.
     */
    private function use_attempts(): void {
        global $DB;

        $DB->set_field('scorm', 'maxattempt', 1, ['id' => $this->scorm->id]);
        $DB->set_field('local_externalscormbridge_launch', 'attempt', 2, ['id' => $this->launch->id]);
    }

    /**
     * Whose name is in the log.
     *
     * @param string $point
     * @return int
     */
    private function acts_as(string $point): int {
        global $DB, $USER;

        if ($point !== 'beacon') {
            return (int) $USER->id;
        }
        // No session: it is the launch that says whose it is, where there is one.
        $this->setUser(null);
        $known = $DB->record_exists('local_externalscormbridge_launch', ['id' => $this->launch->id]);
        return $known ? (int) $this->learner->id : 0;
    }

    /**
     * Tries.
     *
     * @param string $point
     * @return bool whether it was refused
     */
    private function is_refused(string $point): bool {
        global $CFG;

        $ticket = beacon::config($this->launch, time())['ticket'];
        $ring = keyring::load(keyring::TICKETS);
        $content = (new \Scormbridge\Tickets($ring['keys'], $ring['current']))->issue([
            'scope' => 'content', 'exp' => time() + HOURSECS, 'aud' => $CFG->wwwroot, 'base' => 'https://cdn.example.com/course/',
            'mode' => 'sandbox', 'lms' => 'https://www.example.com',
        ]);
        $beacon = fn(string $ticket): string => "{\"ticket\":\"{$ticket}\",\"entries\":{$this->next()}}";
        return match ($point) {
            'commit' => $this->call('commit', ['launch' => $this->launch->token, 'entries' => $this->next()]),
            'report' => $this->call('report', ['launch' => $this->launch->token, 'code' => 'relay_silent']),
            'launch' => $this->call('launch', ['cmid' => $this->scorm->cmid, 'scoid' => $this->launch->scoid]),
            'view' => $this->visit('/mod/scorm/view.php', ['id' => $this->scorm->cmid]),
            'player' => $this->visit('/mod/scorm/player.php', ['a' => $this->scorm->id]),
            'stage' => $this->visit('/mod/scorm/loadSCO.php', ['id' => $this->scorm->cmid]),
            'live report' => $this->open_report('index', []),
            'learner report' => $this->open_report('learner', ['user' => $this->learner->id]),
            'reset' => $this->open_report('reset', []),
            'export' => $this->open_report('export', ['user' => $this->learner->id]),
            'file of an export' => $this->fetch(),
            'package' => $this->open_package(),
            'stamp' => $this->call('report_stamp', ['cmid' => $this->scorm->cmid]),
            'diagnose' => $this->visit_administration('diagnose'),
            'trial' => $this->visit_administration('trial'),
            'trial_begin' => $this->call('trial_begin', ['url' => 'https://cdn.example.com/']),
            'trial_outcome' => $this->call('trial_outcome', ['trial' => str_repeat('0', 32)]),
            'commit of a trial' => $this->call('commit', ['launch' => str_repeat('0', 32), 'entries' => $this->next()]),
            'report of a trial' => $this->call('report', ['launch' => str_repeat('0', 32), 'code' => 'relay_silent']),
            'beacon' => $this->send($beacon($ticket)),
            'beacon without ticket' => $this->send("{\"entries\":{$this->next()}}"),
            'beacon with a bad ticket' => $this->send($beacon('nonsense')),
            'beacon with a ticket to read' => $this->send($beacon($content)),
            'beacon by GET' => beacon::answer('GET', '', time()) !== 204,
            'session' => session_status::answer('GET', 'same-origin')[0] !== 200,
            'session from elsewhere' => session_status::answer('GET', 'cross-site') === [403, []],
            'session by POST' => session_status::answer('POST', 'same-origin') === [405, []],
            'content with a bad ticket' => $this->load('nonsense', $CFG->wwwroot),
            'content with a ticket to write' => $this->load($ticket, $CFG->wwwroot),
            'content of another host' => $this->load($content, 'https://content.example.org'),
        };
    }

    /**
     * The entries that the launch has not reported yet.
     *
     * @return string
     */
    private function next(): string {
        $last = launch_store::find($this->launch->token)?->lastseq ?? 0;
        return $this->journal(['cmi.core.lesson_location' => 'p1'], false, $last + 1);
    }

    /**
     * Calls an external function as a browser does. What Moodle refuses before it asks the plugin is logged where the
     * request begins.
     *
     * @param string $function
     * @param array $args
     * @return bool whether it was refused
     */
    private function call(string $function, array $args): bool {
        $name = "local_externalscormbridge_{$function}";
        entrance::log_call(static fn(): string => json_encode([['index' => 0, 'methodname' => $name, 'args' => $args]]));
        $answer = external_api::call_external_function($name, $args, true);
        return $answer['error'] || ($answer['data']['refused'] ?? []) !== [];
    }

    /**
     * Asks for a page of mod_scorm's.
     *
     * @param string $script
     * @param array $params
     * @return bool whether it was refused
     */
    private function visit(string $script, array $params): bool {
        global $SCRIPT, $DB, $PAGE;

        // Each request has a page of its own.
        $PAGE = new \moodle_page();
        $before = $SCRIPT;
        $SCRIPT = $script;
        $_GET = $params;
        entrance::watch(new \core\hook\after_config());
        $SCRIPT = $before;
        $_GET = [];
        $cm = get_coursemodule_from_id('scorm', $this->scorm->cmid);
        try {
            require_login($DB->get_record('course', ['id' => $this->course->id]), false, $cm, false, true);
            return false;
        } catch (\require_login_exception $e) {
            return true;
        }
    }

    /**
     * Asks for a page for administrators.
     *
     * @param string $page
     * @return bool whether it was refused
     */
    private function visit_administration(string $page): bool {
        global $CFG, $SCRIPT;
        require_once("{$CFG->libdir}/adminlib.php");

        $before = $SCRIPT;
        $SCRIPT = "/local/externalscormbridge/{$page}.php";
        entrance::watch(new \core\hook\after_config());
        $SCRIPT = $before;
        $found = admin_get_root(true, false)->locate("local_externalscormbridge_{$page}");
        return $found === null || !$found->check_access();
    }

    /**
     * Asks for a page of the report, as far as it lets people in.
     *
     * @param string $page
     * @param array $params
     * @return bool whether it was refused
     */
    private function open_report(string $page, array $params): bool {
        global $PAGE;

        if ($this->visit("/local/externalscormbridge/report/{$page}.php", ['id' => $this->scorm->cmid] + $params)) {
            return true;
        }
        $PAGE = new \moodle_page();
        try {
            $activity = activity::enter((int) $this->scorm->cmid);
            match ($page) {
                'learner' => $activity->demand_learner((int) $params['user']),
                'reset' => $activity->demand(reset::CAPABILITY),
                'export' => (new selection($activity, (int) $params['user']))->demand(),
                'index' => null,
            };
            return false;
        } catch (\moodle_exception $e) {
            return true;
        }
    }

    /**
     * Asks for the file of an administrator's export.
     *
     * @return bool whether it was refused
     */
    private function fetch(): bool {
        global $PAGE;

        $context = \context_module::instance($this->scorm->cmid)->id;
        $path = "/{$context}/local_externalscormbridge/export/{$this->export}/x.csv";
        if ($this->visit('/pluginfile.php', ['file' => $path])) {
            return true;
        }
        $PAGE = new \moodle_page();
        try {
            download::file(get_coursemodule_from_id('scorm', $this->scorm->cmid), 'export', [(string) $this->export, 'x.csv']);
            return false;
        } catch (\moodle_exception $e) {
            return true;
        }
    }

    /**
     * Asks for the page about the package, as far as it lets people in.
     *
     * @return bool whether it was refused
     */
    private function open_package(): bool {
        global $PAGE;

        if ($this->visit('/local/externalscormbridge/package.php', ['id' => $this->scorm->cmid])) {
            return true;
        }
        $PAGE = new \moodle_page();
        try {
            activity::enter((int) $this->scorm->cmid, package_panel::CAPABILITY);
            return false;
        } catch (\moodle_exception $e) {
            return true;
        }
    }

    /**
     * Sends a beacon.
     *
     * @param string $body
     * @return bool whether it was refused
     */
    private function send(string $body): bool {
        $status = beacon::answer('POST', $body, time());
        return $status !== 204 || launch_store::find($this->launch->token)->status === 'terminated';
    }

    /**
     * Asks for a file of the package as content.php does.
     *
     * @param string $ticket
     * @param string $audience
     * @return bool whether it was refused
     */
    private function load(string $ticket, string $audience): bool {
        $gateway = new \Scormbridge\Gateway(gateway_options::current() + ['audience' => $audience]);
        $response = $gateway->serve(
            ['method' => 'GET', 'ticket' => $ticket, 'path' => 'index.html', 'query' => '', 'headers' => ['host' => 'x']]
        );
        ticket_log::refused((string) $response->reason());
        return $response->status() === 403;
    }
}
