-- What the user corrected about an objection: a row for each field of an event of the kind `edited`. `submitted_at` is in
-- seconds like the rest; NULL where nothing is said.
CREATE TABLE edit (
    event  INTEGER NOT NULL REFERENCES event (id) ON DELETE CASCADE,
    field  TEXT    NOT NULL
           CHECK (field IN ('platform', 'email', 'country', 'label', 'reason', 'form_url', 'submitted_at')),
    before TEXT,
    after  TEXT,
    PRIMARY KEY (event, field)
) STRICT, WITHOUT ROWID;

-- A correction is nothing that happened to the objection, and the time of its submission may be corrected.
DROP VIEW standing;
CREATE VIEW standing AS
SELECT
    last.objection,
    last.state,
    last.recorded_at AS updated_at,
    max(
        (SELECT submitted_at FROM objection WHERE objection.id = last.objection),
        coalesce(
            (SELECT max(at) FROM event WHERE event.objection = last.objection AND kind NOT IN ('submitted', 'edited')), 0
        )
    ) AS state_at,
    EXISTS (
        SELECT 1 FROM event
        WHERE event.objection = last.objection AND event.kind = 'extended'
        AND NOT EXISTS (SELECT 1 FROM event AS undo WHERE undo.undoes = event.id)
    ) AS is_extended
FROM event AS last
WHERE last.id = (SELECT max(id) FROM event WHERE event.objection = last.objection);
