-- When an account's server last refused its login, so that one that is left alone is tried again after a day.
ALTER TABLE account ADD COLUMN refused_at INTEGER;
