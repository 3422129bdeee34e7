-- By which words a person may be named: of the display name, else of the address (signals.claims.known_by).

CREATE TABLE name_word (
  word TEXT NOT NULL,                -- in small letters
  person INTEGER NOT NULL,
  PRIMARY KEY (word, person)
) WITHOUT ROWID;

INSERT INTO name_word SELECT DISTINCT w.value, p.id FROM person p, json_each(known_by(p.name, p.address)) w;

CREATE TRIGGER name_of_new_person AFTER INSERT ON person BEGIN
  INSERT INTO name_word SELECT DISTINCT value, new.id FROM json_each(known_by(new.name, new.address));
END;

CREATE TRIGGER name_of_person AFTER UPDATE OF name ON person WHEN new.name <> old.name BEGIN
  DELETE FROM name_word WHERE person = new.id
    AND word IN (SELECT value FROM json_each(known_by(old.name, old.address)));
  INSERT INTO name_word SELECT DISTINCT value, new.id FROM json_each(known_by(new.name, new.address));
END;

CREATE TRIGGER name_of_gone_person AFTER DELETE ON person BEGIN
  DELETE FROM name_word WHERE person = old.id
    AND word IN (SELECT value FROM json_each(known_by(old.name, old.address)));
END;
