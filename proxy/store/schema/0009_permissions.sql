-- The user's permissions, and their word taken back.

CREATE TABLE permission (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  grant_ TEXT NOT NULL,              -- models.permission.Grant
  what TEXT NOT NULL DEFAULT '',     -- canonical address, held id or Message-ID, the list's name; empty for a rule
  rule TEXT NOT NULL DEFAULT '',     -- empty: every rule
  keys TEXT NOT NULL DEFAULT '[]',   -- JSON list: hashes by which a mail is known again
  sketch BLOB,                       -- of a campaign: its letter's word triples, hashed
  at INTEGER NOT NULL,               -- seconds since 1970, UTC
  until INTEGER,
  source TEXT NOT NULL,
  reason TEXT NOT NULL DEFAULT '',
  undone_at INTEGER
);

-- A correction the user took back says nothing any more; its row stays to be listed.
ALTER TABLE correction ADD COLUMN undone_at INTEGER;

-- Made by `held edit`: what is released unedited again and again is offered as a permission.
ALTER TABLE held ADD COLUMN edited INTEGER NOT NULL DEFAULT 0;
