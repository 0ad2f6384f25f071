-- How often in a row the server refused an account's login, so that `check` stops before the server locks it.
ALTER TABLE account ADD COLUMN refusals INTEGER NOT NULL DEFAULT 0 CHECK (refusals >= 0);
