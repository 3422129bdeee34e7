-- What the owner sent to others in the last days: when it went, and a sketch of its words.

CREATE TABLE sent (
  letter INTEGER PRIMARY KEY REFERENCES letter(id) ON DELETE CASCADE,
  at INTEGER NOT NULL,               -- milliseconds since 1970, UTC: several go in one second
  sketch BLOB NOT NULL               -- hashes of word triples, 4 bytes each, lowest first; empty where too few
);
CREATE INDEX sent_by_time ON sent(at);
