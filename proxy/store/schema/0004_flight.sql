-- Mail between its final dot and the client's reading of the answer: what keeps a crash from sending it twice.

CREATE TABLE flight (
  number INTEGER PRIMARY KEY,
  envelope_key INTEGER NOT NULL,  -- store.same_mail.envelope_key
  content_key TEXT NOT NULL,      -- store.same_mail.content_key
  began_at INTEGER NOT NULL,      -- seconds since 1970, UTC
  run TEXT NOT NULL,              -- which run of the service sent it
  taken INTEGER NOT NULL          -- 0: no answer of the provider was read; 1: it took the mail, and the client did not hear
);
CREATE INDEX flight_by_envelope ON flight(envelope_key);
