-- Which help an event gave (models.letter.Help; empty for other events), and whether it is help unasked for too.
ALTER TABLE event ADD COLUMN help TEXT NOT NULL DEFAULT '';
ALTER TABLE event ADD COLUMN firm INTEGER NOT NULL DEFAULT 0;
