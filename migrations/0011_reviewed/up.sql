-- By which rules the decisions of kept mails were looked at again, so that the user is told once of those that would no
-- longer be applied: a fingerprint of program and rules.
CREATE TABLE reviewed (
    basis TEXT NOT NULL PRIMARY KEY
) STRICT, WITHOUT ROWID;
