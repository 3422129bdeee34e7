-- What history remembers of mail: who, when, in which thread, what happened. No subject, no body.

CREATE TABLE fact (
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL                -- JSON
) WITHOUT ROWID;

CREATE TABLE person (
  id INTEGER PRIMARY KEY,
  address TEXT NOT NULL UNIQUE,      -- canonical
  name TEXT NOT NULL DEFAULT ''
);

CREATE TABLE letter (
  id INTEGER PRIMARY KEY,
  fingerprint INTEGER NOT NULL UNIQUE,
  message INTEGER NOT NULL,          -- hash of the Message-ID, 0 where there is none
  date INTEGER NOT NULL,             -- seconds since 1970, UTC
  sender INTEGER NOT NULL REFERENCES person(id),
  flags INTEGER NOT NULL,            -- proxy.store.letters.Flag
  recipients INTEGER NOT NULL,       -- how many: To, Cc and known Bcc
  subject INTEGER NOT NULL,          -- hash without Re:/Fwd:, 0 where empty
  reply_to INTEGER,                  -- the person answers go to, where another than the sender
  refs BLOB                          -- hashes of the Message-IDs it says it answers, 8 bytes each, nearest last
);
CREATE INDEX letter_by_message ON letter(message) WHERE message <> 0;

-- The other side of a letter: the sender of what came in, the recipients of what the owner wrote.
-- Bystanders in copy of somebody else's letter have no row: being in Cc is no acquaintance.
-- The date stands in the key so that the newest letters before a moment are one walk of the index.
CREATE TABLE other (
  person INTEGER NOT NULL,
  date INTEGER NOT NULL,
  letter INTEGER NOT NULL REFERENCES letter(id) ON DELETE CASCADE,
  role INTEGER NOT NULL,             -- 0 sender, 1 To, 2 Cc or Bcc
  PRIMARY KEY (person, date, letter)
) WITHOUT ROWID;

CREATE TABLE event (
  letter INTEGER NOT NULL REFERENCES letter(id) ON DELETE CASCADE,
  number INTEGER NOT NULL,
  kind TEXT NOT NULL,                -- models.letter.EventKind
  asks TEXT NOT NULL DEFAULT '',     -- separated by blanks, as are the enclosures
  enclosures TEXT NOT NULL DEFAULT '',
  quote TEXT NOT NULL DEFAULT '',    -- 200 characters at most
  message_id TEXT,
  PRIMARY KEY (letter, number)
) WITHOUT ROWID;
CREATE INDEX event_by_call ON event(letter) WHERE kind = 'call';

-- Whom an event is about: the introduced, the asked.
CREATE TABLE concerned (
  person INTEGER NOT NULL,
  letter INTEGER NOT NULL,
  number INTEGER NOT NULL,
  PRIMARY KEY (person, letter, number),
  FOREIGN KEY (letter, number) REFERENCES event(letter, number) ON DELETE CASCADE
) WITHOUT ROWID;
CREATE INDEX concerned_by_letter ON concerned(letter, number);
