-- Courses that run elsewhere. Times are milliseconds since the Unix epoch. A migration is never edited: add another.

CREATE TABLE users (
    id uuid PRIMARY KEY,
    login text COLLATE "C" NOT NULL UNIQUE CHECK (length(login) BETWEEN 1 AND 200 AND login = lower(login)),
    display_name text NOT NULL CHECK (length(display_name) BETWEEN 1 AND 200),
    role text NOT NULL CHECK (role IN ('student', 'teacher', 'admin')),
    password_hash text,
    issuer text,
    subject text,
    created_at bigint NOT NULL,
    UNIQUE (issuer, subject),
    CHECK ((issuer IS NULL) = (subject IS NULL))
);

CREATE TABLE sessions (
    token_hash bytea PRIMARY KEY CHECK (length(token_hash) = 32),
    user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    csrf_hash bytea NOT NULL CHECK (length(csrf_hash) = 32),
    created_at bigint NOT NULL,
    expires_at bigint NOT NULL
);
CREATE INDEX sessions_user ON sessions (user_id);
CREATE INDEX sessions_expiry ON sessions (expires_at);

CREATE TABLE course_providers (
    id uuid PRIMARY KEY,
    name text COLLATE "C" NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    origin text COLLATE "C" NOT NULL UNIQUE CHECK (length(origin) BETWEEN 1 AND 300),
    domain text NOT NULL,
    jwks_url text,
    webhook_secret text,
    status text NOT NULL CHECK (status IN ('active', 'disabled')),
    created_at bigint NOT NULL
);
CREATE INDEX course_providers_name ON course_providers (name, id);

CREATE TABLE courses (
    id uuid PRIMARY KEY,
    teacher_id uuid NOT NULL REFERENCES users (id),
    title text COLLATE "C" NOT NULL CHECK (length(title) BETWEEN 1 AND 300),
    description text NOT NULL,
    launch_kind text NOT NULL CHECK (launch_kind IN ('none', 'web_embed', 'scorm')),
    launch_url text,
    scopes text NOT NULL,
    provider_id uuid REFERENCES course_providers (id),
    published boolean NOT NULL,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL,
    CHECK ((launch_kind = 'none') = (launch_url IS NULL)),
    CHECK ((launch_kind = 'web_embed') = (provider_id IS NOT NULL))
);
CREATE INDEX courses_title ON courses (title, id);
CREATE INDEX courses_catalogue ON courses (title, id) WHERE published;
CREATE INDEX courses_teacher ON courses (teacher_id, title, id);
CREATE INDEX courses_provider ON courses (provider_id);

CREATE TABLE lessons (
    id uuid PRIMARY KEY,
    course_id uuid NOT NULL REFERENCES courses (id) ON DELETE CASCADE,
    position bigint NOT NULL CHECK (position >= 0),
    title text NOT NULL CHECK (length(title) BETWEEN 1 AND 300),
    body text NOT NULL,
    UNIQUE (course_id, position)
);

CREATE TABLE enrollments (
    id uuid PRIMARY KEY,
    course_id uuid NOT NULL REFERENCES courses (id) ON DELETE CASCADE,
    user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    status text NOT NULL CHECK (status IN ('active', 'suspended')),
    created_at bigint NOT NULL,
    UNIQUE (course_id, user_id),
    UNIQUE (id, course_id, user_id)
);
CREATE INDEX enrollments_course ON enrollments (course_id, created_at, id);
CREATE INDEX enrollments_user ON enrollments (user_id, created_at, id);

-- Course and learner are repeated from the enrolment, for lists and policies; the foreign key keeps them equal.
CREATE TABLE interactive_attempts (
    id uuid PRIMARY KEY,
    enrollment_id uuid NOT NULL,
    course_id uuid NOT NULL,
    user_id uuid NOT NULL,
    provider_id uuid REFERENCES course_providers (id),
    mode text NOT NULL CHECK (mode IN ('normal', 'browse', 'review')),
    status text NOT NULL CHECK (status IN ('started', 'completed', 'passed', 'failed', 'abandoned')),
    progress bigint NOT NULL CHECK (progress BETWEEN 0 AND 100),
    score_raw double precision,
    score_max double precision,
    started_at bigint NOT NULL,
    completed_at bigint,
    last_activity_at bigint NOT NULL,
    FOREIGN KEY (enrollment_id, course_id, user_id) REFERENCES enrollments (id, course_id, user_id) ON DELETE CASCADE,
    CHECK ((score_raw IS NULL) = (score_max IS NULL)),
    CHECK (score_raw IS NULL OR (score_raw >= 0 AND score_raw <= score_max AND score_max > 0)),
    CHECK ((status = 'started') = (completed_at IS NULL))
);
CREATE UNIQUE INDEX interactive_attempts_open ON interactive_attempts (enrollment_id)
    WHERE status = 'started' AND mode = 'normal';
CREATE INDEX interactive_attempts_enrollment ON interactive_attempts (enrollment_id, last_activity_at, id);
CREATE INDEX interactive_attempts_course ON interactive_attempts (course_id, last_activity_at, id);
CREATE INDEX interactive_attempts_user ON interactive_attempts (user_id, last_activity_at, id);
CREATE INDEX interactive_attempts_provider ON interactive_attempts (provider_id);

CREATE TABLE interactive_launch_tokens (
    nonce uuid PRIMARY KEY,
    attempt_id uuid NOT NULL REFERENCES interactive_attempts (id) ON DELETE CASCADE,
    audience text NOT NULL,
    scopes text NOT NULL,
    mode text NOT NULL CHECK (mode IN ('normal', 'browse', 'review')),
    issued_at bigint NOT NULL,
    expires_at bigint NOT NULL,
    used_at bigint,
    CHECK (expires_at > issued_at AND expires_at <= issued_at + 600000)
);
CREATE INDEX interactive_launch_tokens_attempt ON interactive_launch_tokens (attempt_id);
CREATE INDEX interactive_launch_tokens_expiry ON interactive_launch_tokens (expires_at);

CREATE TABLE user_aliases (
    provider_id uuid NOT NULL REFERENCES course_providers (id) ON DELETE CASCADE,
    user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    alias uuid NOT NULL,
    created_at bigint NOT NULL,
    PRIMARY KEY (provider_id, user_id),
    UNIQUE (provider_id, alias)
);
CREATE INDEX user_aliases_user ON user_aliases (user_id);

CREATE TABLE external_courses (
    id uuid PRIMARY KEY,
    provider_id uuid NOT NULL REFERENCES course_providers (id),
    slug text COLLATE "C" NOT NULL CHECK (length(slug) BETWEEN 1 AND 200),
    title text COLLATE "C" NOT NULL CHECK (length(title) BETWEEN 1 AND 300),
    created_at bigint NOT NULL,
    UNIQUE (provider_id, slug)
);
CREATE INDEX external_courses_title ON external_courses (title, id);
CREATE INDEX external_courses_provider ON external_courses (provider_id, title, id);

CREATE TABLE course_versions (
    id uuid PRIMARY KEY,
    external_course_id uuid NOT NULL REFERENCES external_courses (id) ON DELETE CASCADE,
    version text NOT NULL CHECK (length(version) BETWEEN 1 AND 100),
    launch_url text NOT NULL,
    scopes text NOT NULL,
    status text NOT NULL CHECK (status IN ('draft', 'approved', 'disabled')),
    created_at bigint NOT NULL,
    UNIQUE (external_course_id, version)
);
CREATE INDEX course_versions_course ON course_versions (external_course_id, created_at, id);

CREATE TABLE assignment_targets (
    id uuid PRIMARY KEY,
    course_id uuid NOT NULL REFERENCES courses (id) ON DELETE CASCADE,
    assignment_id uuid NOT NULL UNIQUE,
    version_id uuid NOT NULL REFERENCES course_versions (id),
    created_at bigint NOT NULL
);
CREATE INDEX assignment_targets_course ON assignment_targets (course_id, created_at, id);
CREATE INDEX assignment_targets_version ON assignment_targets (version_id);

-- JSON is kept as text: what a runtime wrote is given back byte for byte, and text may hold an escaped NUL
-- where the database's own JSON type may not.
CREATE TABLE course_events (
    id uuid PRIMARY KEY,
    course_id uuid NOT NULL REFERENCES courses (id) ON DELETE CASCADE,
    attempt_id uuid REFERENCES interactive_attempts (id) ON DELETE CASCADE,
    kind text NOT NULL CHECK (length(kind) BETWEEN 1 AND 100),
    payload text NOT NULL,
    at bigint NOT NULL,
    request_id text NOT NULL
);
CREATE INDEX course_events_course ON course_events (course_id, at, id);
CREATE INDEX course_events_attempt ON course_events (attempt_id);
CREATE INDEX course_events_age ON course_events (at);

CREATE TABLE runtime_checkpoints (
    attempt_id uuid NOT NULL REFERENCES interactive_attempts (id) ON DELETE CASCADE,
    key text NOT NULL CHECK (length(key) BETWEEN 1 AND 64),
    data text NOT NULL,
    updated_at bigint NOT NULL,
    PRIMARY KEY (attempt_id, key)
);

CREATE TABLE idempotency_records (
    scope text NOT NULL CHECK (length(scope) BETWEEN 1 AND 300),
    key text NOT NULL CHECK (length(key) BETWEEN 1 AND 300),
    request_hash bytea NOT NULL CHECK (length(request_hash) = 32),
    status bigint,
    body text,
    created_at bigint NOT NULL,
    PRIMARY KEY (scope, key),
    CHECK ((status IS NULL) = (body IS NULL))
);
CREATE INDEX idempotency_records_age ON idempotency_records (created_at);

CREATE TABLE scorm_packages (
    course_id uuid PRIMARY KEY REFERENCES courses (id) ON DELETE CASCADE,
    manifest_url text NOT NULL,
    base_url text NOT NULL,
    manifest_sha256 text NOT NULL CHECK (length(manifest_sha256) = 64),
    tree text NOT NULL,
    delivery text NOT NULL CHECK (delivery IN ('direct', 'host', 'sandbox')),
    checked_at bigint NOT NULL
);

CREATE TABLE scorm_launches (
    id uuid PRIMARY KEY,
    attempt_id uuid NOT NULL REFERENCES interactive_attempts (id) ON DELETE CASCADE,
    sco text NOT NULL,
    mode text NOT NULL CHECK (mode IN ('normal', 'browse', 'review')),
    session text NOT NULL,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL
);
CREATE INDEX scorm_launches_attempt ON scorm_launches (attempt_id);

CREATE TABLE scorm_tracks (
    attempt_id uuid NOT NULL REFERENCES interactive_attempts (id) ON DELETE CASCADE,
    sco text COLLATE "C" NOT NULL,
    element text COLLATE "C" NOT NULL,
    value text NOT NULL,
    updated_at bigint NOT NULL,
    PRIMARY KEY (attempt_id, sco, element)
);
