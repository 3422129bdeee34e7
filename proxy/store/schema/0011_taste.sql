-- What the user's corrections teach about texts, and the models fitted to it.

-- Of a corrected mail: the numbers of its features, no word of it (interface, promise 8).
CREATE TABLE lesson (
  correction INTEGER PRIMARY KEY REFERENCES correction(id) ON DELETE CASCADE,
  fingerprint INTEGER NOT NULL,      -- of the mail: the next correction of it undoes this one
  cold INTEGER NOT NULL,
  score REAL NOT NULL,               -- log-odds the shipped model gave it
  features BLOB NOT NULL,            -- classifier.judge.taste.packed
  judged INTEGER NOT NULL,           -- coldask had judged it in the inbox before it was moved
  aside INTEGER NOT NULL DEFAULT 0   -- the user took back what was fitted to it
);
CREATE INDEX lesson_by_fingerprint ON lesson(fingerprint);

-- The newest that is not undone is in use; where there is none, the shipped model judges alone.
CREATE TABLE taste (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  at INTEGER NOT NULL,               -- seconds since 1970, UTC
  newest INTEGER NOT NULL,           -- the newest correction it was fitted to
  lessons INTEGER NOT NULL,          -- how many
  model BLOB NOT NULL,               -- classifier.judge.taste.written
  report TEXT NOT NULL,              -- JSON: what it changed
  undone_at INTEGER
);
