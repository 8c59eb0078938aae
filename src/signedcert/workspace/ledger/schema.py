"""The tables of the ledger, version 4; what brings older ones there is in ``upgrades``.

Nothing here needs an SQLite newer than 3.24 (upserts).
"""

#: "scL1", at offset 68 of the file (sqlite.org/fileformat.html): no other program's database.
APPLICATION_ID = 0x73634C31
VERSION = 4

#: How many consecutive indices are handed out together: one to a statement, 16 to the shares of a
#: record. The checks refuse a version that knows no such groups and takes single indices.
GRAIN = (
    "grain INTEGER NOT NULL DEFAULT 1 "
    "CHECK (grain IN (1, 16) AND size % grain = 0 AND allocated % grain = 0)"
)

#: The shares that were made here. The paths of what each shows are a JSON array of texts.
SHARES = (
    """
CREATE TABLE shares (
    sequence INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE CHECK (length(id) = 10),
    record BLOB NOT NULL CHECK (length(record) = 10),
    slot INTEGER CHECK (slot BETWEEN 0 AND 15),
    list INTEGER REFERENCES lists (number),
    idx INTEGER CHECK (idx % 16 = slot),
    audience TEXT NOT NULL,
    paths TEXT NOT NULL,
    issued_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    sealed_name TEXT CHECK (length(sealed_name) = 32),
    reset_at INTEGER,
    replaced_by BLOB CHECK (length(replaced_by) = 10),
    CHECK ((list IS NULL) = (idx IS NULL)),
    CHECK ((list IS NULL) = (slot IS NULL)),
    CHECK (replaced_by IS NULL OR reset_at IS NOT NULL)
)""",
    "CREATE UNIQUE INDEX shares_place ON shares (list, idx) WHERE list IS NOT NULL",
    "CREATE INDEX shares_record ON shares (record, sequence)",
    """
CREATE TRIGGER shares_stay BEFORE DELETE ON shares BEGIN
    SELECT RAISE(ABORT, 'a share is reset, and never deleted');
END""",
)

#: The certificates that may be opened by their printed codes, because their learners agreed.
BY_CODE = """
CREATE TABLE by_code (
    id BLOB PRIMARY KEY REFERENCES issued (id),
    allowed_at INTEGER NOT NULL
)"""

#: What ids of rows of a roster are made with: whoever has it can tell a row's code. Never null once
#: the ledger was made or brought to this version.
ID_KEY = "id_key BLOB CHECK (length(id_key) = 32)"
ID_KEY_SIZE = 32

SCHEMA = f"""
BEGIN;
PRAGMA application_id = {APPLICATION_ID};
PRAGMA user_version = {VERSION};

-- One row. The identity is that of the files which the ledger was last seen in.
CREATE TABLE ledger (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    id BLOB NOT NULL CHECK (length(id) = 16),
    list_size INTEGER NOT NULL,
    next_list INTEGER NOT NULL,
    generation_base INTEGER NOT NULL,
    identity TEXT,
    {ID_KEY}
);

CREATE TABLE lists (
    number INTEGER PRIMARY KEY CHECK (number BETWEEN 1 AND 4294967295),
    size INTEGER NOT NULL,
    key BLOB NOT NULL CHECK (length(key) = 32),
    allocated INTEGER NOT NULL CHECK (allocated BETWEEN 0 AND size),
    closed INTEGER NOT NULL CHECK (closed IN (0, 1)),
    {GRAIN}
);

-- The token is last, so that reading the rest does not read it.
CREATE TABLE issued (
    sequence INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE CHECK (length(id) = 10),
    list INTEGER REFERENCES lists (number),
    idx INTEGER,
    kid BLOB CHECK (length(kid) = 8),
    media_type TEXT,
    issued_at INTEGER,
    digest BLOB CHECK (length(digest) = 16),
    supersedes BLOB,
    superseded_by BLOB,
    reserved_at INTEGER,
    token BLOB,
    CHECK ((list IS NULL) = (idx IS NULL)),
    CHECK ((digest IS NULL) = (kid IS NULL)),
    CHECK (token IS NULL OR digest IS NOT NULL)
);
CREATE UNIQUE INDEX issued_reference ON issued (list, idx) WHERE list IS NOT NULL;

-- Tokens that were signed anew with another key; the present ones stand in issued.
CREATE TABLE earlier_tokens (
    sequence INTEGER PRIMARY KEY,
    id BLOB NOT NULL REFERENCES issued (id),
    kid BLOB NOT NULL CHECK (length(kid) = 8),
    digest BLOB NOT NULL CHECK (length(digest) = 16),
    token BLOB
);
CREATE INDEX earlier_tokens_kid ON earlier_tokens (kid);

CREATE TABLE events (
    sequence INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    list INTEGER NOT NULL REFERENCES lists (number),
    idx INTEGER NOT NULL,
    id BLOB,
    action TEXT NOT NULL CHECK (action IN ('revoke', 'suspend', 'reinstate')),
    reason TEXT NOT NULL
);
CREATE INDEX events_reference ON events (list, idx, sequence);
CREATE INDEX events_id ON events (id) WHERE id IS NOT NULL;
CREATE TRIGGER events_stay BEFORE DELETE ON events BEGIN
    SELECT RAISE(ABORT, 'what happened to a status is never deleted');
END;
CREATE TRIGGER events_are_final BEFORE UPDATE ON events BEGIN
    SELECT RAISE(ABORT, 'what happened to a status is never changed');
END;

-- Settled once the withdrawals of the lost history were looked for in what was published.
CREATE TABLE restores (
    sequence INTEGER PRIMARY KEY,
    at INTEGER,
    evidence TEXT NOT NULL,
    settled INTEGER NOT NULL DEFAULT 0 CHECK (settled IN (0, 1))
);

-- What signs nothing more: a key that was declared compromised; no bytes: every key, it is closed.
CREATE TABLE ended (kid BLOB PRIMARY KEY CHECK (length(kid) IN (0, 8)));

-- The status lists that this ledger made and that were published; the last ones of each number.
CREATE TABLE publications (
    sequence INTEGER PRIMARY KEY,
    list INTEGER NOT NULL REFERENCES lists (number),
    issued_at INTEGER NOT NULL,
    digest BLOB NOT NULL CHECK (length(digest) = 32)
);
CREATE INDEX publications_list ON publications (list, sequence);
{";".join((*SHARES, BY_CODE))};
COMMIT;
"""

#: Rises with everything that a restored backup could lose and that outsiders may have seen.
GENERATION = """
SELECT generation_base + (SELECT coalesce(sum(allocated), 0) FROM lists)
     + (SELECT coalesce(max(sequence), 0) FROM events)
     + (SELECT coalesce(max(sequence), 0) FROM shares)
FROM ledger
"""
