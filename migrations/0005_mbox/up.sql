-- How far an mbox was read: where its last mail begins, and what stands before it, by which it is known again. It counts
-- while `objection` is the newest: a later one may be about older mail.
CREATE TABLE mbox (
    path      TEXT    NOT NULL PRIMARY KEY,
    start     INTEGER NOT NULL CHECK (start >= 0),
    before    TEXT    NOT NULL,
    objection INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
