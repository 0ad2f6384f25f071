-- When a person dismissed a mail: its bytes are kept for some time from then on, so that it can be taken after all.
ALTER TABLE mail ADD COLUMN dismissed_at INTEGER;
UPDATE mail SET dismissed_at = judged_at WHERE outcome = 'ignored';
-- How much forged mail came of late is asked for with each that comes.
CREATE INDEX mail_failed ON mail (account, judged_at) WHERE held_reason = 'sender_failed';
