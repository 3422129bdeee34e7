-- What shows that two addresses are one person's, and the user's word about it.

-- Under which full name an address wrote, or the owner wrote to it, and since when.
CREATE TABLE called (
  name INTEGER NOT NULL,             -- classifier.ties.persons.name_key
  person INTEGER NOT NULL,
  since INTEGER NOT NULL,            -- seconds since 1970, UTC
  PRIMARY KEY (name, person)
) WITHOUT ROWID;
CREATE INDEX called_by_person ON called(person);

-- Who else a letter went to; and who answered a letter: the last 8 bytes of refs are the id it answers.
CREATE INDEX other_by_letter ON other(letter);
CREATE INDEX letter_by_answered ON letter(substr(refs, -8)) WHERE refs IS NOT NULL AND flags & 1 = 0;

-- One line for each time the user joined two addresses or set one apart; the newest counts.
CREATE TABLE person_word (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  kind TEXT NOT NULL,                -- join, split
  address TEXT NOT NULL,             -- canonical
  other TEXT NOT NULL DEFAULT '',    -- canonical; of a join
  at INTEGER NOT NULL,
  source TEXT NOT NULL
);
