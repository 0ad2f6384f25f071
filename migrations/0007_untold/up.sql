-- Mails that were recorded and of which nobody was told yet: what a check that is cut off owes, the next one tells.
CREATE TABLE untold (
    mail INTEGER NOT NULL PRIMARY KEY REFERENCES mail (id) ON DELETE CASCADE
) STRICT;
