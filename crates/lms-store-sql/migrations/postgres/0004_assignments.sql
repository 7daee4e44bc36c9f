-- Attempts at a course's assignments, beside those at what the course itself launches. The assignment is known by its
-- id alone: an attempt outlives the link to a version that it was launched by.
ALTER TABLE interactive_attempts ADD COLUMN assignment_id uuid;

DROP INDEX interactive_attempts_open;
CREATE UNIQUE INDEX interactive_attempts_open ON interactive_attempts (enrollment_id)
    WHERE status = 'started' AND mode = 'normal' AND assignment_id IS NULL;
CREATE UNIQUE INDEX interactive_attempts_open_assignment ON interactive_attempts (enrollment_id, assignment_id)
    WHERE status = 'started' AND mode = 'normal' AND assignment_id IS NOT NULL;

-- What the staff changes in a course is noted in the same transaction.
DROP POLICY appending ON course_events;
CREATE POLICY appending ON course_events FOR INSERT WITH CHECK (CASE
    WHEN app_role() IN ('service', 'admin') THEN true
    WHEN app_role() = 'teacher' THEN course_id IN (SELECT app_taught())
    ELSE false END);
