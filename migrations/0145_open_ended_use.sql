-- A table may say 长期 for the last day of a use of land: no end, as against an empty cell, which leaves what is on record.
ALTER TABLE staging_occupancy ADD COLUMN open_ended boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN staging_occupancy.open_ended IS 'the row says that the use has no end; until is then null';
