-- Answers known by what they quote, where ids are missing: hashes of runs of words, no text.

-- Of the owner's own text in mail they sent, and of what others' letters without ids quote.
CREATE TABLE run (
  hash INTEGER NOT NULL,
  letter INTEGER NOT NULL REFERENCES letter(id) ON DELETE CASCADE,
  PRIMARY KEY (hash, letter)
) WITHOUT ROWID;

-- A letter that quotes one the owner sent.
CREATE TABLE quoting (
  answer INTEGER NOT NULL REFERENCES letter(id) ON DELETE CASCADE,
  asked INTEGER NOT NULL REFERENCES letter(id) ON DELETE CASCADE,
  PRIMARY KEY (answer, asked)
) WITHOUT ROWID;
