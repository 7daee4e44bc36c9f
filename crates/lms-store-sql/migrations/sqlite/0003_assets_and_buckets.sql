-- Files that learners make, and buckets that processes count callers in. Numbered as PostgreSQL's, whose second one
-- is row level security.

-- The bytes are on disk, under the attempt's and the file's id.
CREATE TABLE runtime_assets (
    id TEXT PRIMARY KEY,
    attempt_id TEXT NOT NULL REFERENCES interactive_attempts (id) ON DELETE CASCADE,
    name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    content_type TEXT NOT NULL CHECK (length(content_type) BETWEEN 1 AND 100),
    bytes INTEGER NOT NULL CHECK (bytes > 0),
    announced_at INTEGER NOT NULL,
    kept_at INTEGER
) STRICT;
CREATE INDEX runtime_assets_attempt ON runtime_assets (attempt_id);
CREATE INDEX runtime_assets_waiting ON runtime_assets (announced_at) WHERE kept_at IS NULL;

CREATE INDEX runtime_checkpoints_age ON runtime_checkpoints (updated_at);

-- Keys are hashes; `full_at` is in microseconds.
CREATE TABLE rate_buckets (
    key TEXT PRIMARY KEY,
    full_at INTEGER NOT NULL
) STRICT;
CREATE INDEX rate_buckets_age ON rate_buckets (full_at);
