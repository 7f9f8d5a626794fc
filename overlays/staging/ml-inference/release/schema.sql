-- Safe to run again: the Job runs it at every sync. Columns that came later are added by ALTER, because CREATE TABLE IF NOT
-- EXISTS leaves a table of an older release as it is.

CREATE TABLE IF NOT EXISTS requests (
    id                SERIAL PRIMARY KEY,
    request_id        VARCHAR(36) NOT NULL UNIQUE,
    user_id           VARCHAR(255) NOT NULL,
    prompt            TEXT NOT NULL,
    completion        TEXT,
    -- pending, processing, then completed or failed for good
    status            VARCHAR(50) NOT NULL DEFAULT 'pending',
    estimated_tokens  INTEGER NOT NULL DEFAULT 0,
    actual_tokens     INTEGER,
    prompt_tokens     INTEGER,
    completion_tokens INTEGER,
    model             VARCHAR(100) NOT NULL,
    created_at        TIMESTAMPTZ DEFAULT now(),
    updated_at        TIMESTAMPTZ DEFAULT now(),
    error             TEXT
);
ALTER TABLE requests ADD COLUMN IF NOT EXISTS completed_at TIMESTAMPTZ;
CREATE INDEX IF NOT EXISTS idx_requests_user_id ON requests (user_id);
CREATE INDEX IF NOT EXISTS idx_requests_status ON requests (status);
CREATE INDEX IF NOT EXISTS idx_requests_created_at ON requests (created_at);

CREATE TABLE IF NOT EXISTS token_logs (
    id                SERIAL PRIMARY KEY,
    user_id           VARCHAR(255) NOT NULL,
    request_id        VARCHAR(36) NOT NULL REFERENCES requests (request_id),
    model             VARCHAR(100) NOT NULL,
    prompt_tokens     INTEGER NOT NULL,
    completion_tokens INTEGER NOT NULL,
    total_tokens      INTEGER NOT NULL,
    cost              NUMERIC(10, 6) NOT NULL,
    created_at        TIMESTAMPTZ DEFAULT now()
);
ALTER TABLE token_logs ALTER COLUMN cost SET DEFAULT 0;
-- One line per request, however often its result is delivered
CREATE UNIQUE INDEX IF NOT EXISTS idx_token_logs_request_id ON token_logs (request_id);
CREATE INDEX IF NOT EXISTS idx_token_logs_user_id ON token_logs (user_id);
CREATE INDEX IF NOT EXISTS idx_token_logs_created_at ON token_logs (created_at);

CREATE TABLE IF NOT EXISTS quota_usage (
    id             SERIAL PRIMARY KEY,
    user_id        VARCHAR(255) NOT NULL UNIQUE,
    monthly_tokens INTEGER NOT NULL DEFAULT 0,
    reset_date     DATE NOT NULL,
    last_updated   TIMESTAMPTZ DEFAULT now()
);
CREATE INDEX IF NOT EXISTS idx_quota_usage_user_id ON quota_usage (user_id);
