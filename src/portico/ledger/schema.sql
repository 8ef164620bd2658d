CREATE TABLE IF NOT EXISTS wanted (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL,
    at REAL NOT NULL
) STRICT;

CREATE TABLE IF NOT EXISTS seen (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL,
    at REAL NOT NULL
) STRICT;

CREATE TABLE IF NOT EXISTS orders (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at REAL NOT NULL,
    kind TEXT NOT NULL,
    args TEXT NOT NULL,
    by TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'taken', 'done', 'failed')),
    progress TEXT NOT NULL DEFAULT '{}',
    result TEXT NOT NULL DEFAULT '{}'
) STRICT;

CREATE INDEX IF NOT EXISTS orders_open ON orders (id) WHERE state IN ('waiting', 'taken');

CREATE TABLE IF NOT EXISTS findings (
    key TEXT PRIMARY KEY,
    severity TEXT NOT NULL,
    sentence TEXT NOT NULL,
    since REAL NOT NULL,
    source TEXT NOT NULL DEFAULT 'keeper',
    data TEXT NOT NULL DEFAULT '{}'
) STRICT;

CREATE TABLE IF NOT EXISTS incidents (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    opened REAL NOT NULL,
    closed REAL,
    severity TEXT NOT NULL,
    title TEXT NOT NULL,
    cause TEXT NOT NULL DEFAULT '',
    acknowledged REAL,
    acknowledged_by TEXT NOT NULL DEFAULT '',
    data TEXT NOT NULL DEFAULT '{}'
) STRICT;

CREATE INDEX IF NOT EXISTS incidents_open ON incidents (id) WHERE closed IS NULL;
CREATE INDEX IF NOT EXISTS incidents_closed ON incidents (closed);

CREATE TABLE IF NOT EXISTS incident_findings (
    incident INTEGER NOT NULL REFERENCES incidents (id),
    key TEXT NOT NULL,
    severity TEXT NOT NULL,
    sentence TEXT NOT NULL,
    since REAL NOT NULL,
    over REAL,
    data TEXT NOT NULL DEFAULT '{}',
    PRIMARY KEY (incident, key, since)
) STRICT, WITHOUT ROWID;

-- what is to be said to whom; written with what it tells of, sent afterwards
CREATE TABLE IF NOT EXISTS messages (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at REAL NOT NULL,
    kind TEXT NOT NULL,
    channel TEXT NOT NULL,
    thread TEXT NOT NULL,
    severity TEXT NOT NULL,
    title TEXT NOT NULL,
    body TEXT NOT NULL,
    data TEXT NOT NULL DEFAULT '{}',
    state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'sent', 'failed')),
    attempts INTEGER NOT NULL DEFAULT 0,
    next_at REAL NOT NULL,
    sent_at REAL,
    why TEXT NOT NULL DEFAULT ''
) STRICT;

CREATE INDEX IF NOT EXISTS messages_waiting ON messages (next_at) WHERE state = 'waiting';
CREATE INDEX IF NOT EXISTS messages_by_kind ON messages (kind, at);
CREATE INDEX IF NOT EXISTS messages_in_thread ON messages (channel, thread);

-- which message told which channel what of an incident: nothing is told twice
CREATE TABLE IF NOT EXISTS tellings (
    incident INTEGER NOT NULL,
    kind TEXT NOT NULL,
    step INTEGER NOT NULL,
    channel TEXT NOT NULL,
    message INTEGER NOT NULL REFERENCES messages (id),
    PRIMARY KEY (incident, kind, step, channel)
) STRICT, WITHOUT ROWID;

CREATE INDEX IF NOT EXISTS tellings_of_message ON tellings (message);

CREATE TABLE IF NOT EXISTS silences (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at REAL NOT NULL,
    matcher TEXT NOT NULL,
    until REAL NOT NULL,
    reason TEXT NOT NULL,
    by TEXT NOT NULL,
    ended REAL
) STRICT;

-- reactions that wait for a person's yes; `kind` and `args` are the order that a yes gives
CREATE TABLE IF NOT EXISTS asks (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at REAL NOT NULL,
    action TEXT NOT NULL,
    kind TEXT NOT NULL,
    args TEXT NOT NULL,
    cause TEXT NOT NULL,
    incident INTEGER,
    words TEXT NOT NULL,
    expires REAL NOT NULL,
    state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'approved', 'refused', 'expired')),
    by TEXT NOT NULL DEFAULT '',
    order_id INTEGER,
    UNIQUE (action, cause)
) STRICT;

CREATE TABLE IF NOT EXISTS events (
    seq INTEGER PRIMARY KEY,
    at REAL NOT NULL,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    data TEXT NOT NULL,
    hash TEXT NOT NULL
) STRICT;

CREATE INDEX IF NOT EXISTS events_by_kind ON events (kind, seq);

CREATE TRIGGER IF NOT EXISTS events_are_never_changed BEFORE UPDATE ON events
BEGIN SELECT RAISE(ABORT, 'events are append-only'); END;

CREATE TRIGGER IF NOT EXISTS events_are_never_removed BEFORE DELETE ON events
BEGIN SELECT RAISE(ABORT, 'events are append-only'); END;

-- REPLACE removes the old row without a word to the trigger above
CREATE TRIGGER IF NOT EXISTS events_are_never_replaced BEFORE INSERT ON events
WHEN EXISTS (SELECT 1 FROM events WHERE seq = NEW.seq)
BEGIN SELECT RAISE(ABORT, 'events are append-only'); END;

-- what people wrote for the public status page; a draft isn't published yet
CREATE TABLE IF NOT EXISTS bulletins (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL CHECK (kind IN ('incident', 'planned')),
    title TEXT NOT NULL,
    affected TEXT NOT NULL DEFAULT '[]',
    incident INTEGER,
    starts REAL NOT NULL,
    ends REAL,
    published REAL,
    by TEXT NOT NULL,
    language TEXT NOT NULL DEFAULT 'en',
    titles TEXT NOT NULL DEFAULT '{}'
) STRICT;

CREATE TABLE IF NOT EXISTS bulletin_updates (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    bulletin INTEGER NOT NULL REFERENCES bulletins (id),
    at REAL NOT NULL,
    state TEXT NOT NULL,
    text TEXT NOT NULL,
    by TEXT NOT NULL,
    texts TEXT NOT NULL DEFAULT '{}'
) STRICT;

CREATE INDEX IF NOT EXISTS bulletin_updates_of ON bulletin_updates (bulletin, id);
