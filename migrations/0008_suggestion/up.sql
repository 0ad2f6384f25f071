-- What a held mail can be taken for, what in it speaks against that (a text a line), and the objections that it fits
-- (their numbers, with blanks between them).
ALTER TABLE mail ADD COLUMN suggestion TEXT;
ALTER TABLE mail ADD COLUMN against TEXT NOT NULL DEFAULT '';
ALTER TABLE mail ADD COLUMN candidates TEXT NOT NULL DEFAULT '';
UPDATE mail SET suggestion = signal WHERE outcome = 'held' AND verdict = 'authentic'
    AND signal IN ('verification_code', 'acknowledged', 'needs_info', 'accepted', 'refused');
