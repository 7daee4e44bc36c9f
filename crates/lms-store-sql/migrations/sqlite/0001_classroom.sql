-- Courses that run elsewhere. Times are milliseconds since the Unix epoch. A migration is never edited: add another. Ids are 32 hexadecimal digits.

CREATE TABLE users (
    id TEXT PRIMARY KEY,
    login TEXT NOT NULL UNIQUE CHECK (length(login) BETWEEN 1 AND 200 AND login = lower(login)),
    display_name TEXT NOT NULL CHECK (length(display_name) BETWEEN 1 AND 200),
    role TEXT NOT NULL CHECK (role IN ('student', 'teacher', 'admin')),
    password_hash TEXT,
    issuer TEXT,
    subject TEXT,
    created_at INTEGER NOT NULL,
    UNIQUE (issuer, subject),
    CHECK ((issuer IS NULL) = (subject IS NULL))
) STRICT;

CREATE TABLE sessions (
    token_hash BLOB PRIMARY KEY CHECK (length(token_hash) = 32),
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    csrf_hash BLOB NOT NULL CHECK (length(csrf_hash) = 32),
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX sessions_user ON sessions (user_id);
CREATE INDEX sessions_expiry ON sessions (expires_at);

CREATE TABLE course_providers (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    origin TEXT NOT NULL UNIQUE CHECK (length(origin) BETWEEN 1 AND 300),
    domain TEXT NOT NULL,
    jwks_url TEXT,
    webhook_secret TEXT,
    status TEXT NOT NULL CHECK (status IN ('active', 'disabled')),
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX course_providers_name ON course_providers (name, id);

CREATE TABLE courses (
    id TEXT PRIMARY KEY,
    teacher_id TEXT NOT NULL REFERENCES users (id),
    title TEXT NOT NULL CHECK (length(title) BETWEEN 1 AND 300),
    description TEXT NOT NULL,
    launch_kind TEXT NOT NULL CHECK (launch_kind IN ('none', 'web_embed', 'scorm')),
    launch_url TEXT,
    scopes TEXT NOT NULL,
    provider_id TEXT REFERENCES course_providers (id),
    published INTEGER NOT NULL CHECK (published IN (0, 1)),
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    CHECK ((launch_kind = 'none') = (launch_url IS NULL)),
    CHECK ((launch_kind = 'web_embed') = (provider_id IS NOT NULL))
) STRICT;
CREATE INDEX courses_title ON courses (title, id);
CREATE INDEX courses_catalogue ON courses (title, id) WHERE published;
CREATE INDEX courses_teacher ON courses (teacher_id, title, id);
CREATE INDEX courses_provider ON courses (provider_id);

CREATE TABLE lessons (
    id TEXT PRIMARY KEY,
    course_id TEXT NOT NULL REFERENCES courses (id) ON DELETE CASCADE,
    position INTEGER NOT NULL CHECK (position >= 0),
    title TEXT NOT NULL CHECK (length(title) BETWEEN 1 AND 300),
    body TEXT NOT NULL,
    UNIQUE (course_id, position)
) STRICT;

CREATE TABLE enrollments (
    id TEXT PRIMARY KEY,
    course_id TEXT NOT NULL REFERENCES courses (id) ON DELETE CASCADE,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    status TEXT NOT NULL CHECK (status IN ('active', 'suspended')),
    created_at INTEGER NOT NULL,
    UNIQUE (course_id, user_id),
    UNIQUE (id, course_id, user_id)
) STRICT;
CREATE INDEX enrollments_course ON enrollments (course_id, created_at, id);
CREATE INDEX enrollments_user ON enrollments (user_id, created_at, id);

-- Course and learner are repeated from the enrolment, for lists and policies; the foreign key keeps them equal.
CREATE TABLE interactive_attempts (
    id TEXT PRIMARY KEY,
    enrollment_id TEXT NOT NULL,
    course_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    provider_id TEXT REFERENCES course_providers (id),
    mode TEXT NOT NULL CHECK (mode IN ('normal', 'browse', 'review')),
    status TEXT NOT NULL CHECK (status IN ('started', 'completed', 'passed', 'failed', 'abandoned')),
    progress INTEGER NOT NULL CHECK (progress BETWEEN 0 AND 100),
    score_raw REAL,
    score_max REAL,
    started_at INTEGER NOT NULL,
    completed_at INTEGER,
    last_activity_at INTEGER NOT NULL,
    FOREIGN KEY (enrollment_id, course_id, user_id) REFERENCES enrollments (id, course_id, user_id) ON DELETE CASCADE,
    CHECK ((score_raw IS NULL) = (score_max IS NULL)),
    CHECK (score_raw IS NULL OR (score_raw >= 0 AND score_raw <= score_max AND score_max > 0)),
    CHECK ((status = 'started') = (completed_at IS NULL))
) STRICT;
CREATE UNIQUE INDEX interactive_attempts_open ON interactive_attempts (enrollment_id)
    WHERE status = 'started' AND mode = 'normal';
CREATE INDEX interactive_attempts_enrollment ON interactive_attempts (enrollment_id, last_activity_at, id);
CREATE INDEX interactive_attempts_course ON interactive_attempts (course_id, last_activity_at, id);
CREATE INDEX interactive_attempts_user ON interactive_attempts (user_id, last_activity_at, id);
CREATE INDEX interactive_attempts_provider ON interactive_attempts (provider_id);

CREATE TABLE interactive_launch_tokens (
    nonce TEXT PRIMARY KEY,
    attempt_id TEXT NOT NULL REFERENCES interactive_attempts (id) ON DELETE CASCADE,
    audience TEXT NOT NULL,
    scopes TEXT NOT NULL,
    mode TEXT NOT NULL CHECK (mode IN ('normal', 'browse', 'review')),
    issued_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    used_at INTEGER,
    CHECK (expires_at > issued_at AND expires_at <= issued_at + 600000)
) STRICT;
CREATE INDEX interactive_launch_tokens_attempt ON interactive_launch_tokens (attempt_id);
CREATE INDEX interactive_launch_tokens_expiry ON interactive_launch_tokens (expires_at);

CREATE TABLE user_aliases (
    provider_id TEXT NOT NULL REFERENCES course_providers (id) ON DELETE CASCADE,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    alias TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (provider_id, user_id),
    UNIQUE (provider_id, alias)
) STRICT;
CREATE INDEX user_aliases_user ON user_aliases (user_id);

CREATE TABLE external_courses (
    id TEXT PRIMARY KEY,
    provider_id TEXT NOT NULL REFERENCES course_providers (id),
    slug TEXT NOT NULL CHECK (length(slug) BETWEEN 1 AND 200),
    title TEXT NOT NULL CHECK (length(title) BETWEEN 1 AND 300),
    created_at INTEGER NOT NULL,
    UNIQUE (provider_id, slug)
) STRICT;
CREATE INDEX external_courses_title ON external_courses (title, id);
CREATE INDEX external_courses_provider ON external_courses (provider_id, title, id);

CREATE TABLE course_versions (
    id TEXT PRIMARY KEY,
    external_course_id TEXT NOT NULL REFERENCES external_courses (id) ON DELETE CASCADE,
    version TEXT NOT NULL CHECK (length(version) BETWEEN 1 AND 100),
    launch_url TEXT NOT NULL,
    scopes TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('draft', 'approved', 'disabled')),
    created_at INTEGER NOT NULL,
    UNIQUE (external_course_id, version)
) STRICT;
CREATE INDEX course_versions_course ON course_versions (external_course_id, created_at, id);

CREATE TABLE assignment_targets (
    id TEXT PRIMARY KEY,
    course_id TEXT NOT NULL REFERENCES courses (id) ON DELETE CASCADE,
    assignment_id TEXT NOT NULL UNIQUE,
    version_id TEXT NOT NULL REFERENCES course_versions (id),
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX assignment_targets_course ON assignment_targets (course_id, created_at, id);
CREATE INDEX assignment_targets_version ON assignment_targets (version_id);

-- JSON is kept as text: what a runtime wrote is given back byte for byte, and text may hold an escaped NUL
-- where the database's own JSON type may not.
CREATE TABLE course_events (
    id TEXT PRIMARY KEY,
    course_id TEXT NOT NULL REFERENCES courses (id) ON DELETE CASCADE,
    attempt_id TEXT REFERENCES interactive_attempts (id) ON DELETE CASCADE,
    kind TEXT NOT NULL CHECK (length(kind) BETWEEN 1 AND 100),
    payload TEXT NOT NULL,
    at INTEGER NOT NULL,
    request_id TEXT NOT NULL
) STRICT;
CREATE INDEX course_events_course ON course_events (course_id, at, id);
CREATE INDEX course_events_attempt ON course_events (attempt_id);
CREATE INDEX course_events_age ON course_events (at);

CREATE TABLE runtime_checkpoints (
    attempt_id TEXT NOT NULL REFERENCES interactive_attempts (id) ON DELETE CASCADE,
    key TEXT NOT NULL CHECK (length(key) BETWEEN 1 AND 64),
    data TEXT NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (attempt_id, key)
) STRICT;

CREATE TABLE idempotency_records (
    scope TEXT NOT NULL CHECK (length(scope) BETWEEN 1 AND 300),
    key TEXT NOT NULL CHECK (length(key) BETWEEN 1 AND 300),
    request_hash BLOB NOT NULL CHECK (length(request_hash) = 32),
    status INTEGER,
    body TEXT,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (scope, key),
    CHECK ((status IS NULL) = (body IS NULL))
) STRICT;
CREATE INDEX idempotency_records_age ON idempotency_records (created_at);

CREATE TABLE scorm_packages (
    course_id TEXT PRIMARY KEY REFERENCES courses (id) ON DELETE CASCADE,
    manifest_url TEXT NOT NULL,
    base_url TEXT NOT NULL,
    manifest_sha256 TEXT NOT NULL CHECK (length(manifest_sha256) = 64),
    tree TEXT NOT NULL,
    delivery TEXT NOT NULL CHECK (delivery IN ('direct', 'host', 'sandbox')),
    checked_at INTEGER NOT NULL
) STRICT;

CREATE TABLE scorm_launches (
    id TEXT PRIMARY KEY,
    attempt_id TEXT NOT NULL REFERENCES interactive_attempts (id) ON DELETE CASCADE,
    sco TEXT NOT NULL,
    mode TEXT NOT NULL CHECK (mode IN ('normal', 'browse', 'review')),
    session TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX scorm_launches_attempt ON scorm_launches (attempt_id);

CREATE TABLE scorm_tracks (
    attempt_id TEXT NOT NULL REFERENCES interactive_attempts (id) ON DELETE CASCADE,
    sco TEXT NOT NULL,
    element TEXT NOT NULL,
    value TEXT NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (attempt_id, sco, element)
) STRICT;
