-- What commits of SCOs accepted, sealed and never changed: what an older launch may not replace is found in it.
CREATE TABLE scorm_history (
    launch_id TEXT NOT NULL REFERENCES scorm_launches (id) ON DELETE CASCADE,
    first_seq INTEGER NOT NULL CHECK (first_seq >= 0),
    part INTEGER NOT NULL CHECK (part >= 0),
    data TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (launch_id, first_seq, part)
) STRICT;
CREATE INDEX scorm_history_age ON scorm_history (created_at);

DROP INDEX scorm_launches_attempt;
CREATE INDEX scorm_launches_sco ON scorm_launches (attempt_id, sco, created_at, id);
