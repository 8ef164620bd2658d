CREATE TABLE IF NOT EXISTS operators (
    name TEXT PRIMARY KEY,
    role TEXT NOT NULL CHECK (role IN ('viewer', 'operator', 'admin')),
    since REAL NOT NULL,
    handle BLOB NOT NULL UNIQUE,           -- what passkeys know this person as; says nothing by itself
    password TEXT,
    totp TEXT,
    totp_step INTEGER NOT NULL DEFAULT 0,  -- the newest step that was used: a code counts once
    subject TEXT UNIQUE                    -- who this is at the company's provider
) STRICT;

CREATE TABLE IF NOT EXISTS passkeys (
    id BLOB PRIMARY KEY,
    name TEXT NOT NULL REFERENCES operators ON DELETE CASCADE,
    host TEXT NOT NULL,
    label TEXT NOT NULL,
    credential BLOB NOT NULL,
    used INTEGER NOT NULL DEFAULT 0,       -- the authenticator's own counter
    added REAL NOT NULL,
    seen REAL
) STRICT;

CREATE TABLE IF NOT EXISTS recovery_codes (
    name TEXT NOT NULL REFERENCES operators ON DELETE CASCADE,
    digest TEXT NOT NULL,
    PRIMARY KEY (name, digest)
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS invitations (
    digest TEXT PRIMARY KEY,
    name TEXT NOT NULL UNIQUE REFERENCES operators ON DELETE CASCADE,
    expires REAL NOT NULL
) STRICT;

CREATE TABLE IF NOT EXISTS sessions (
    digest TEXT PRIMARY KEY,
    name TEXT NOT NULL REFERENCES operators ON DELETE CASCADE,
    means TEXT NOT NULL,
    began REAL NOT NULL,
    seen REAL NOT NULL,
    proven REAL NOT NULL,
    browser TEXT NOT NULL,
    agent TEXT NOT NULL,
    address TEXT NOT NULL
) STRICT;

CREATE INDEX IF NOT EXISTS sessions_of ON sessions (name, seen);

-- what was begun in a browser and waits for its answer: a challenge, a secret that is being set up
CREATE TABLE IF NOT EXISTS pending (
    digest TEXT NOT NULL,
    kind TEXT NOT NULL,
    data TEXT NOT NULL,
    expires REAL NOT NULL,
    PRIMARY KEY (digest, kind)
) STRICT;

CREATE TABLE IF NOT EXISTS guesses (
    at REAL NOT NULL,
    name TEXT NOT NULL,
    address TEXT NOT NULL
) STRICT;

CREATE INDEX IF NOT EXISTS guesses_at ON guesses (at);
