-- Files that learners make, and buckets that processes count callers in.

-- The bytes are on disk, under the attempt's and the file's id.
CREATE TABLE runtime_assets (
    id uuid PRIMARY KEY,
    attempt_id uuid NOT NULL REFERENCES interactive_attempts (id) ON DELETE CASCADE,
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    content_type text NOT NULL CHECK (length(content_type) BETWEEN 1 AND 100),
    bytes bigint NOT NULL CHECK (bytes > 0),
    announced_at bigint NOT NULL,
    kept_at bigint
);
CREATE INDEX runtime_assets_attempt ON runtime_assets (attempt_id);
CREATE INDEX runtime_assets_waiting ON runtime_assets (announced_at) WHERE kept_at IS NULL;
ALTER TABLE runtime_assets ENABLE ROW LEVEL SECURITY;
ALTER TABLE runtime_assets FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE, DELETE ON runtime_assets TO scormbridge_app;
CREATE POLICY writing ON runtime_assets USING (app_role() = 'service');
-- Whoever may read the attempt. The policy of the attempts decides.
CREATE POLICY reading ON runtime_assets FOR SELECT
    USING (EXISTS (SELECT 1 FROM interactive_attempts a WHERE a.id = runtime_assets.attempt_id));

CREATE INDEX runtime_checkpoints_age ON runtime_checkpoints (updated_at);

-- Keys are hashes and no row is about anybody, so there is no policy. Unlogged: a bucket is not worth a disk's
-- flush, and after a crash all of them are full again. `full_at` is in microseconds.
CREATE UNLOGGED TABLE rate_buckets (
    key uuid PRIMARY KEY,
    full_at bigint NOT NULL
);
CREATE INDEX rate_buckets_age ON rate_buckets (full_at);
GRANT SELECT, INSERT, UPDATE, DELETE ON rate_buckets TO scormbridge_app;
