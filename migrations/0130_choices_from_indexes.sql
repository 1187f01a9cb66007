-- What a list can be narrowed to, and the narrowed list itself, come from indexes. Those of few different values are kept
-- small by the database (one entry for many rows), so they cost an import little.

-- Parcels: where one lies counts by the outlines, else by its code; lists of a sub-district walk it in the order of codes.
CREATE INDEX parcel_version_lies ON parcel_version
    (district, (COALESCE(subdistrict, registered_subdistrict)), code) WHERE superseded_at IS NULL;
-- Land uses that occur, in the district and in a sub-district.
CREATE INDEX parcel_version_use ON parcel_version (district, land_use_scheme, land_use_code)
    WHERE superseded_at IS NULL AND land_use_code IS NOT NULL;
CREATE INDEX parcel_version_use_lies ON parcel_version
    (district, (COALESCE(subdistrict, registered_subdistrict)), land_use_scheme, land_use_code)
    WHERE superseded_at IS NULL AND land_use_code IS NOT NULL;
CREATE INDEX parcel_version_supply ON parcel_version (district, supply_status, code) WHERE superseded_at IS NULL;
-- Idle and low-efficiency land is counted for the first page, also that of a sub-district.
DROP INDEX parcel_version_to_look_at;
CREATE INDEX parcel_version_to_look_at ON parcel_version (district, (COALESCE(subdistrict, registered_subdistrict)))
    WHERE superseded_at IS NULL AND upper_inf(valid) AND supply_status IN ('idle', 'low_efficiency');
-- Both ways by area; parcels without one come after these either way.
CREATE INDEX parcel_version_area ON parcel_version (district, official_area_m2, code)
    WHERE superseded_at IS NULL AND official_area_m2 IS NOT NULL;
CREATE INDEX parcel_version_without_area ON parcel_version (district, code)
    WHERE superseded_at IS NULL AND official_area_m2 IS NULL;

-- Enterprises: divisions of GB/T 4754 that occur, and lists of a sub-district by name.
CREATE INDEX enterprise_version_division ON enterprise_version (district, left(industry_code, 2), industry_edition)
    WHERE superseded_at IS NULL AND industry_code IS NOT NULL;
CREATE INDEX enterprise_version_lies ON enterprise_version (district, subdistrict, name, uscc) WHERE superseded_at IS NULL;
CREATE INDEX enterprise_version_state ON enterprise_version (district, state) WHERE superseded_at IS NULL;

-- Nothing is looked for by these; counting them anew after an import took a fifth of the time.
ALTER TABLE parcel_version ALTER COLUMN geom_web SET STATISTICS 0, ALTER COLUMN fingerprint SET STATISTICS 0;
ALTER TABLE enterprise_version ALTER COLUMN fingerprint SET STATISTICS 0;
