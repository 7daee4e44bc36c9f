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

namespace local_externalscormbridge\export;

use core\output\stored_progress_bar;
use local_externalscormbridge\config;
use local_externalscormbridge\report\activity;
use local_externalscormbridge\task\write_export;

/**
 * An export in the background: its row, its progress, its file.
 *
 * @package    local_externalscormbridge
 * @copyright  2026 External SCORM Bridge contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class job {
    /** Table. */
    public const TABLE = 'local_externalscormbridge_export';

    /** File area, by the ids of rows. */
    public const AREA = 'export';

    /** It is queued. */
    public const WAITING = 'waiting';

    /** It is being made. */
    public const RUNNING = 'running';

    /** Its file is there. */
    public const DONE = 'done';

    /** It could not be made. */
    public const FAILED = 'failed';

    /** Whoever asked for it has changed their mind. */
    public const CANCELLED = 'cancelled';

    /** Most that are listed. */
    private const LISTED = 10;

    /**
     * Constructor.
     *
     * @param \stdClass $row
     */
    private function __construct(
        /** @var \stdClass the row */
        private \stdClass $row
    ) {
    }

    /**
     * Queues one for the current user.
     *
     * @param request $request
     * @return self
     */
    public static function queue(request $request): self {
        global $DB, $USER;

        $now = time();
        $row = (object) [
            'scormid' => $request->selection->activity->scorm->id,
            'userid' => $USER->id,
            'learnerid' => $request->selection->learner,
            'groupid' => $request->selection->group,
            'sight' => '',
            'parts' => implode(',', $request->part_names()),
            'format' => $request->format,
            'status' => self::WAITING,
            'reason' => null,
            'timecreated' => $now,
            'timemodified' => $now,
        ];
        $row->id = $DB->insert_record(self::TABLE, $row);
        $job = new self($row);
        $job->begin();
        return $job;
    }

    /**
     * Queues it once more.
     */
    public function repeat(): void {
        $this->delete_file();
        $this->set(self::WAITING);
        $this->begin();
    }

    /**
     * Hands it to a task.
     */
    private function begin(): void {
        $this->forget_bar();
        $this->bar()->update_full(0, get_string('export_waiting', config::COMPONENT));
        write_export::queue($this);
    }

    /**
     * One by its id.
     *
     * @param int $id
     * @return self|null
     */
    public static function find(int $id): ?self {
        global $DB;

        $row = $DB->get_record(self::TABLE, ['id' => $id]);
        return $row ? new self($row) : null;
    }

    /**
     * The latest of the current user's in an activity.
     *
     * @param activity $activity
     * @return self[]
     */
    public static function of_user(activity $activity): array {
        global $DB, $USER;

        $conditions = ['scormid' => $activity->scorm->id, 'userid' => $USER->id];
        $rows = $DB->get_records(self::TABLE, $conditions, 'timecreated DESC, id DESC', '*', 0, self::LISTED);
        return array_map(static fn(\stdClass $row): self => new self($row), array_values($rows));
    }

    /**
     * Its id.
     *
     * @return int
     */
    public function id(): int {
        return (int) $this->row->id;
    }

    /**
     * Whose it is.
     *
     * @return int
     */
    public function userid(): int {
        return (int) $this->row->userid;
    }

    /**
     * The activity.
     *
     * @return int scorm id
     */
    public function scormid(): int {
        return (int) $this->row->scormid;
    }

    /**
     * How far it is.
     *
     * @return string one of the constants
     */
    public function status(): string {
        return $this->row->status;
    }

    /**
     * Why it failed.
     *
     * @return string
     */
    public function reason(): string {
        return (string) $this->row->reason;
    }

    /**
     * When it was asked for.
     *
     * @return int
     */
    public function time(): int {
        return (int) $this->row->timecreated;
    }

    /**
     * What was asked for.
     *
     * @param activity $activity
     * @return request
     */
    public function request(activity $activity): request {
        $selection = new selection($activity, (int) $this->row->learnerid, (int) $this->row->groupid);
        return new request($selection, part::named(explode(',', $this->row->parts)), $this->row->format);
    }

    /**
     * Whether the current user may still see all that the file may hold.
     *
     * @param selection $selection
     * @return bool
     */
    public function is_within(selection $selection): bool {
        return $this->row->sight === $selection->sight();
    }

    /**
     * It is being made, of what the current user may see now.
     *
     * @param selection $selection
     */
    public function run(selection $selection): void {
        global $DB;

        $this->row->sight = $selection->sight();
        $this->set(self::RUNNING);
        // How long it will take is reckoned from now on, by a page that knows the bar already.
        $DB->set_field('stored_progress', 'timestart', time(), ['idnumber' => $this->bar_name()]);
    }

    /**
     * Says how far it is.
     *
     * @param int $done
     * @param int $total
     * @throws ended if it is not to go on
     */
    public function advance(int $done, int $total): void {
        global $DB;

        if ($DB->get_field(self::TABLE, 'status', ['id' => $this->row->id]) !== self::RUNNING) {
            throw new ended();
        }
        // The last hundredth is the file's.
        $this->bar()->update($done, max(1, $total) * 1.01, get_string('export_running', config::COMPONENT));
    }

    /**
     * It is made.
     *
     * @param string $path of its file, which is copied
     * @param \context_module $context
     */
    public function finish(string $path, \context_module $context): void {
        get_file_storage()->create_file_from_pathname([
            'contextid' => $context->id,
            'component' => config::COMPONENT,
            'filearea' => self::AREA,
            'itemid' => $this->row->id,
            'filepath' => '/',
            'filename' => basename($path),
            'userid' => $this->row->userid,
        ], $path);
        $this->set(self::DONE);
        $this->bar()->update_full(100, get_string('export_done', config::COMPONENT));
    }

    /**
     * It could not be made.
     *
     * @param string $reason for people
     */
    public function fail(string $reason): void {
        $this->set(self::FAILED, $reason);
        $this->bar()->error(get_string('export_failed', config::COMPONENT));
    }

    /**
     * It is not wanted any more.
     */
    public function cancel(): void {
        if (in_array($this->row->status, [self::WAITING, self::RUNNING], true)) {
            $this->set(self::CANCELLED);
        }
    }

    /**
     * Its file.
     *
     * @return \stored_file|null
     */
    public function file(): ?\stored_file {
        global $DB;

        $conditions = ['component' => config::COMPONENT, 'filearea' => self::AREA, 'itemid' => $this->row->id];
        $found = $DB->get_records_select(
            'files',
            "component = :component AND filearea = :filearea AND itemid = :itemid AND filename <> '.'",
            $conditions
        );
        return $found === [] ? null : get_file_storage()->get_file_instance(reset($found));
    }

    /**
     * How it is shown how far it is. Moodle forgets it after a day, wherever the export is by then.
     *
     * @return stored_progress_bar
     */
    public function bar(): stored_progress_bar {
        $bar = stored_progress_bar::get_by_idnumber($this->bar_name());
        if ($bar === null) {
            $bar = new stored_progress_bar($this->bar_name());
            $bar->start();
        }
        // It is for the page, not for the output of a task.
        $bar->auto_update(false);
        return $bar;
    }

    /**
     * Forgets how far it was.
     */
    private function forget_bar(): void {
        global $DB;

        $DB->delete_records('stored_progress', ['idnumber' => $this->bar_name()]);
    }

    /**
     * What Moodle knows the bar by.
     *
     * @return string
     */
    private function bar_name(): string {
        return stored_progress_bar::convert_to_idnumber(self::TABLE, $this->id());
    }

    /**
     * Forgets some, with their files.
     *
     * @param string $select
     * @param array $params
     * @return int how many
     */
    public static function delete(string $select, array $params): int {
        global $DB;

        $rows = $DB->get_records_select(self::TABLE, $select, $params);
        foreach ($rows as $row) {
            $job = new self($row);
            $job->delete_file();
            $job->forget_bar();
            $DB->delete_records(self::TABLE, ['id' => $row->id]);
        }
        return count($rows);
    }

    /**
     * Deletes its file.
     */
    private function delete_file(): void {
        $this->file()?->delete();
    }

    /**
     * Stores its status.
     *
     * @param string $status
     * @param string|null $reason
     */
    private function set(string $status, ?string $reason = null): void {
        global $DB;

        $this->row->status = $status;
        $this->row->reason = $reason;
        $this->row->timemodified = time();
        $DB->update_record(self::TABLE, $this->row);
    }
}
