-- What was judged in the inbox, what was filed, what the user said of it, and how far each folder was read.

CREATE TABLE judged (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  account TEXT NOT NULL,
  fingerprint INTEGER NOT NULL,      -- of Message-ID, Date, Subject, From
  copy INTEGER NOT NULL,             -- knows this one delivered copy again (mailbox.fetch.copy_of)
  message_id TEXT,
  sender TEXT NOT NULL,              -- canonical
  reply_to TEXT NOT NULL DEFAULT '', -- canonical, separated by blanks: where an answer would go
  subject TEXT NOT NULL DEFAULT '',  -- empty for kept mail
  at INTEGER NOT NULL,               -- seconds since 1970, UTC, as are all times here
  disposition TEXT NOT NULL,         -- keep, unsure, file
  state TEXT NOT NULL,               -- models.correction.FiledState
  verdict TEXT NOT NULL,             -- JSON of interface.md
  -- the journal of the move, written before its first step
  folder TEXT NOT NULL DEFAULT '',   -- from where
  validity INTEGER NOT NULL DEFAULT 0,
  uid INTEGER NOT NULL DEFAULT 0,
  target TEXT NOT NULL DEFAULT '',   -- to where
  copied INTEGER NOT NULL DEFAULT 0, -- the copy is known to lie in the target, the original still to be removed
  UNIQUE (account, folder, validity, uid)
);
CREATE INDEX judged_by_fingerprint ON judged(fingerprint);
CREATE INDEX judged_by_sender ON judged(sender);
CREATE INDEX judged_by_message ON judged(message_id);
CREATE INDEX judged_by_state ON judged(account, state);

-- One line for each time the user said something; the newest of a person counts.
CREATE TABLE correction (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  person TEXT NOT NULL,              -- canonical
  opinion TEXT NOT NULL,             -- models.correction.Opinion
  at INTEGER NOT NULL,
  source TEXT NOT NULL,
  message_id TEXT
);
CREATE INDEX correction_by_person ON correction(person);

-- How far a folder was read, for one purpose (store.positions.Purpose).
CREATE TABLE position (
  account TEXT NOT NULL,
  folder TEXT NOT NULL,
  purpose TEXT NOT NULL,
  validity INTEGER NOT NULL,         -- UIDVALIDITY
  uid INTEGER NOT NULL,              -- the last one read
  since INTEGER NOT NULL,            -- when it was first looked at
  PRIMARY KEY (account, folder, purpose)
) WITHOUT ROWID;

-- What lay in Cold Asks when it was last looked at.
CREATE TABLE lying (
  account TEXT NOT NULL,
  uid INTEGER NOT NULL,
  fingerprint INTEGER NOT NULL,
  copy INTEGER NOT NULL,
  message_id TEXT,
  sender TEXT NOT NULL,              -- canonical
  PRIMARY KEY (account, uid)
) WITHOUT ROWID;
