-- What commits of SCOs accepted, sealed and never changed: what an older launch may not replace is found in it.
CREATE TABLE scorm_history (
    launch_id uuid NOT NULL REFERENCES scorm_launches (id) ON DELETE CASCADE,
    first_seq bigint NOT NULL CHECK (first_seq >= 0),
    part bigint NOT NULL CHECK (part >= 0),
    data text NOT NULL,
    created_at bigint NOT NULL,
    PRIMARY KEY (launch_id, first_seq, part)
);
CREATE INDEX scorm_history_age ON scorm_history (created_at);
ALTER TABLE scorm_history ENABLE ROW LEVEL SECURITY;
ALTER TABLE scorm_history FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE, DELETE ON scorm_history TO scormbridge_app;
-- Only the server.
CREATE POLICY server ON scorm_history USING (app_role() = 'service');

DROP INDEX scorm_launches_attempt;
CREATE INDEX scorm_launches_sco ON scorm_launches (attempt_id, sco, created_at, id);
