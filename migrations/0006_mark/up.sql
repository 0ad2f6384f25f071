-- Mail on disk that was read. It counts while its account's mail would be judged as it was: on the same `basis`, and for
-- objections that were known then, in the same states.
DROP TABLE mbox;
CREATE TABLE reading (
    account    TEXT NOT NULL PRIMARY KEY,
    basis      TEXT NOT NULL,
    objections TEXT NOT NULL
) STRICT, WITHOUT ROWID;
-- A file is known by its `path`, a mail of a Maildir by the Maildir's and its unique name. Of an mbox: where its last mail
-- begins, and the hash of what stands around it. Of a Maildir's mail: its size, and when it was written.
CREATE TABLE mark (
    account TEXT    NOT NULL REFERENCES reading (account) ON DELETE CASCADE,
    path    BLOB    NOT NULL,
    start   INTEGER NOT NULL CHECK (start >= 0),
    before  TEXT    NOT NULL,
    PRIMARY KEY (account, path)
) STRICT, WITHOUT ROWID;
