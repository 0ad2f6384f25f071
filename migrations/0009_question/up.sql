-- What was asked for where information was: who the data subject is, or something else. NULL where that is not known.
ALTER TABLE event ADD COLUMN question TEXT CHECK (question IN ('identity', 'clarification'));
