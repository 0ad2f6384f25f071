-- How far mail on disk was read. A file is known by its `path`, a mail of a Maildir by the Maildir's and its unique name.
-- Of an mbox: where its last mail begins, and the hash of what stands before, by which it is known again. A mark counts
-- while `basis` is the same: whatever else the judgement depends on.
DROP TABLE mbox;
CREATE TABLE mark (
    account TEXT    NOT NULL,
    path    BLOB    NOT NULL,
    start   INTEGER NOT NULL CHECK (start >= 0),
    before  TEXT    NOT NULL,
    basis   TEXT    NOT NULL,
    PRIMARY KEY (account, path)
) STRICT, WITHOUT ROWID;
