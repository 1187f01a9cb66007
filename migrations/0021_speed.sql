-- The colours of the map are a cache: kept out of the write-ahead log, and emptied together by a crash. A row of the one
-- without a row of the other says nothing, so the foreign key between them, which doubled the time to fill them, is gone;
-- whoever forgets an edition forgets its figures.
ALTER TABLE parcel_yield DROP CONSTRAINT parcel_yield_district_edition_fkey;
ALTER TABLE parcel_yield SET UNLOGGED;
ALTER TABLE parcel_yield_edition SET UNLOGGED;

-- One index by code for what is on record and what was, instead of one for each: an import writes every index.
DROP INDEX parcel_version_code;
DROP INDEX parcel_version_current;
CREATE INDEX parcel_version_by_code ON parcel_version (district, code, lower(valid) DESC);
