-- What `check` said of mail that did not come, so that it says it once: the action it called for, and the day from
-- which that counts.
CREATE TABLE notice (
    objection INTEGER NOT NULL REFERENCES objection (id) ON DELETE CASCADE,
    action    TEXT    NOT NULL,
    since     TEXT    NOT NULL,
    PRIMARY KEY (objection, action, since)
) STRICT, WITHOUT ROWID;
