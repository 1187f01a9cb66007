-- A what-if may also try out whole rows that are not published.
ALTER TABLE admission_what_if ADD COLUMN added jsonb NOT NULL DEFAULT '[]';
