-- The record of objections, of what happened to them, and of the mail that says so.
-- Moments are seconds since 1970-01-01T00:00:00Z.

-- What the user said. Its state is in the view `standing`.
CREATE TABLE objection (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    platform     TEXT    NOT NULL CHECK (platform IN ('facebook', 'instagram', 'threads', 'whatsapp', 'meta')),
    email        TEXT    NOT NULL,
    country      TEXT,
    label        TEXT,
    reason       TEXT,
    form_url     TEXT,
    submitted_at INTEGER NOT NULL,
    recorded_at  INTEGER NOT NULL
) STRICT;

-- Every mail that was applied or held, as it came.
CREATE TABLE mail (
    id               INTEGER PRIMARY KEY AUTOINCREMENT,
    -- Where it was found: NULL for a mail that was handed over.
    account          TEXT,
    mailbox          TEXT,
    uid_validity     INTEGER,
    uid              INTEGER,
    message_id       TEXT,
    author           TEXT    NOT NULL,
    recipients       TEXT    NOT NULL,
    subject          TEXT    NOT NULL,
    sent_at          INTEGER,
    received_at      INTEGER NOT NULL,
    -- The raw bytes; of one that is too large, the header alone.
    raw              BLOB    NOT NULL,
    sha256           TEXT    NOT NULL,
    content_sha256   TEXT    NOT NULL,
    -- Who really sent it, as seen when it was fetched.
    verdict          TEXT    NOT NULL CHECK (verdict IN ('authentic', 'failed', 'unverified')),
    verdict_reason   TEXT    NOT NULL,
    verdict_method   TEXT,
    verdict_domain   TEXT,
    verdict_selector TEXT,
    -- What it says, and which rule says so.
    signal           TEXT    NOT NULL,
    language         TEXT,
    rule             TEXT,
    case_numbers     TEXT    NOT NULL,
    outcome          TEXT    NOT NULL CHECK (outcome IN ('applied', 'held', 'ignored')),
    -- Why it was held; stays when a person has decided.
    held_reason      TEXT,
    objection        INTEGER REFERENCES objection (id) ON DELETE CASCADE,
    judged_at        INTEGER NOT NULL,
    CHECK ((outcome = 'applied') = (objection IS NOT NULL)),
    CHECK (outcome <> 'held' OR held_reason IS NOT NULL)
) STRICT;
CREATE INDEX mail_message_id ON mail (message_id);
CREATE INDEX mail_sha256 ON mail (sha256);
CREATE INDEX mail_objection ON mail (objection);
CREATE INDEX mail_outcome ON mail (outcome);

-- What happened, in the order in which it became known. Never changed.
CREATE TABLE event (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    objection   INTEGER NOT NULL REFERENCES objection (id) ON DELETE CASCADE,
    at          INTEGER NOT NULL,
    kind        TEXT    NOT NULL,
    -- The state after it.
    state       TEXT    NOT NULL,
    cause       TEXT    NOT NULL CHECK (cause IN ('mail', 'user')),
    mail        INTEGER REFERENCES mail (id) ON DELETE CASCADE,
    note        TEXT,
    undoes      INTEGER UNIQUE REFERENCES event (id) ON DELETE CASCADE,
    -- The state before it, which the report of a change names.
    state_before TEXT   NOT NULL,
    recorded_at INTEGER NOT NULL
) STRICT;
CREATE INDEX event_objection ON event (objection, id);
CREATE INDEX event_mail ON event (mail);

CREATE TRIGGER event_is_never_changed BEFORE UPDATE ON event BEGIN
    SELECT RAISE (ABORT, 'an event is never changed');
END;
CREATE TRIGGER event_is_never_deleted BEFORE DELETE ON event
WHEN EXISTS (SELECT 1 FROM objection WHERE id = OLD.objection) BEGIN
    SELECT RAISE (ABORT, 'an event is never deleted but with its objection');
END;

-- Verification codes. The digits go once they are of no more use.
CREATE TABLE code (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    objection   INTEGER NOT NULL REFERENCES objection (id) ON DELETE CASCADE,
    mail        INTEGER NOT NULL REFERENCES mail (id) ON DELETE CASCADE,
    digits      TEXT,
    received_at INTEGER NOT NULL,
    expires_at  INTEGER NOT NULL,
    is_assumed  INTEGER NOT NULL CHECK (is_assumed IN (0, 1))
) STRICT;
CREATE INDEX code_objection ON code (objection, id);

-- How far each mailbox was read: every mail below `uid_next` that came since `searched_since` was looked at, with all
-- objections up to `objection` known.
CREATE TABLE cursor (
    account        TEXT    NOT NULL,
    mailbox        TEXT    NOT NULL,
    login          TEXT    NOT NULL,
    uid_validity   INTEGER NOT NULL,
    uid_next       INTEGER NOT NULL,
    searched_since INTEGER NOT NULL,
    objection      INTEGER NOT NULL,
    PRIMARY KEY (account, mailbox)
) STRICT, WITHOUT ROWID;

-- Mails that the server would not give; asked for again at each check.
CREATE TABLE retry (
    account      TEXT    NOT NULL,
    mailbox      TEXT    NOT NULL,
    uid_validity INTEGER NOT NULL,
    uid          INTEGER NOT NULL,
    attempts     INTEGER NOT NULL,
    error        TEXT    NOT NULL,
    PRIMARY KEY (account, mailbox, uid_validity, uid)
) STRICT, WITHOUT ROWID;

-- When each account was last read to the end; and, while a check that decided something has not come to its end, since
-- when it looks at mail: what is decided is no longer pending, but the rest is to be read all the same.
CREATE TABLE account (
    name             TEXT    NOT NULL PRIMARY KEY,
    checked_at       INTEGER,
    unfinished_since INTEGER
) STRICT, WITHOUT ROWID;

-- Where each objection stands: the state after its last event, and when the latest thing happened to it.
CREATE VIEW standing AS
SELECT
    last.objection,
    last.state,
    last.recorded_at AS updated_at,
    (SELECT max(at) FROM event WHERE event.objection = last.objection) AS state_at,
    EXISTS (
        SELECT 1 FROM event
        WHERE event.objection = last.objection AND event.kind = 'extended'
        AND NOT EXISTS (SELECT 1 FROM event AS undo WHERE undo.undoes = event.id)
    ) AS is_extended
FROM event AS last
WHERE last.id = (SELECT max(id) FROM event WHERE event.objection = last.objection);
