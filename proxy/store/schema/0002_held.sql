-- Held mail, the state of each of its recipients, and what passed with a warning.

CREATE TABLE held (
  number INTEGER PRIMARY KEY,        -- in order of arrival
  id TEXT NOT NULL UNIQUE,           -- short, typed by hand
  account TEXT NOT NULL,
  sender TEXT NOT NULL,              -- the envelope's
  received_at INTEGER NOT NULL,      -- seconds since 1970, UTC, as are all times here
  subject TEXT NOT NULL,
  message_id TEXT,
  verdict TEXT NOT NULL,             -- JSON of interface.md
  options TEXT NOT NULL,             -- JSON list: the ESMTP parameters of MAIL (BODY=8BITMIME, SMTPUTF8)
  envelope_key INTEGER NOT NULL,     -- hash of sender and recipients
  content_key TEXT NOT NULL,         -- store.same_mail.content_key
  subject_key INTEGER NOT NULL,      -- hash without Re:/Fwd:, 0 where empty
  thread TEXT NOT NULL,              -- JSON list: hashes of the Message-IDs it answers
  submitted INTEGER NOT NULL DEFAULT 1,  -- how often a client handed it in
  narrowed INTEGER NOT NULL DEFAULT 0,   -- released to some of its recipients only, by the user's word
  released_at INTEGER,               -- all recipients have it
  resent_at INTEGER,                 -- the one resend after the release
  superseded_at INTEGER,             -- a corrected mail went
  copied_at INTEGER,                 -- a copy lies in Sent
  expired_at INTEGER,
  raw BLOB NOT NULL                  -- the bytes release sends; last, so that lists need not walk past them
);
CREATE INDEX held_by_envelope ON held(envelope_key);

CREATE TABLE held_recipient (
  held INTEGER NOT NULL REFERENCES held(number) ON DELETE CASCADE,
  position INTEGER NOT NULL,         -- in the envelope; one address can stand there twice
  address TEXT NOT NULL,             -- as the client wrote it
  blind INTEGER NOT NULL,
  state TEXT NOT NULL,               -- models.held.State, moved by models.held.MOVES only
  dot_sent INTEGER NOT NULL DEFAULT 0,   -- of the release under way: the final dot may have left
  maybe_sent INTEGER NOT NULL DEFAULT 0, -- an earlier release lost the provider's answer
  reply TEXT NOT NULL DEFAULT '',    -- the provider's last words
  changed_at INTEGER NOT NULL,
  PRIMARY KEY (held, position)
) WITHOUT ROWID;
CREATE INDEX held_recipient_by_state ON held_recipient(state);

-- No subject and no text: only held mail is kept.
CREATE TABLE warned (
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,           -- never one of a held mail's
  account TEXT NOT NULL,
  sender TEXT NOT NULL,
  at INTEGER NOT NULL,
  message_id TEXT,
  recipients TEXT NOT NULL,          -- JSON list, as are the blind ones among them
  blind TEXT NOT NULL,
  verdict TEXT NOT NULL
);
CREATE INDEX warned_by_message ON warned(message_id);
