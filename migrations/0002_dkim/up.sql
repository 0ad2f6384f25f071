-- Signatures verified by us, and mails that wait for DNS.

-- By which algorithm the sender was proven, and when: what was seen then stays true when the key is gone.
ALTER TABLE mail ADD COLUMN verdict_algorithm TEXT;
ALTER TABLE mail ADD COLUMN verified_at INTEGER;
-- What each witness said, a line each.
ALTER TABLE mail ADD COLUMN verdict_chain TEXT NOT NULL DEFAULT '';
-- A signed mail counts once, whatever headers and blanks were put into it since. NULL for mail kept before this step.
ALTER TABLE mail ADD COLUMN signed_sha256 TEXT;
CREATE INDEX mail_signed_sha256 ON mail (signed_sha256);

-- Since when a mail waits for DNS; NULL for one that its server would not give.
ALTER TABLE retry ADD COLUMN waits_since INTEGER;
