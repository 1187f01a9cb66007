-- Photos of the survey lie with those of inspections: one store, one bound of it, one look through its files.
SET LOCAL lock_timeout = '5s';

ALTER TABLE inspection_photo ADD COLUMN surveyed uuid;
COMMENT ON COLUMN inspection_photo.surveyed IS 'the parcel of a survey; its photos have no task';
ALTER TABLE inspection_photo ALTER COLUMN task DROP NOT NULL;
-- What was there already belongs to tasks: it need not be read again.
ALTER TABLE inspection_photo ADD CONSTRAINT inspection_photo_of CHECK (num_nonnulls(task, surveyed) = 1) NOT VALID;
ALTER TABLE inspection_photo ADD CONSTRAINT inspection_photo_surveyed FOREIGN KEY (district, surveyed) REFERENCES survey_parcel NOT VALID;
