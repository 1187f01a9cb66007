-- A lease stated by floor area alone moves no land: a tenant of two storeys holds no ground, and its lessor loses none.
-- An owner always has a share of the ground, so owned land without an area stays a missing figure.
CREATE OR REPLACE VIEW holding AS
    SELECT district, id AS occupancy, occupant AS uscc, parcel_code, valid, area_m2, floor_area_m2, recorded_at, superseded_at,
           CASE kind WHEN 'leased' THEN 'leased_in' ELSE kind END AS side,
           kind <> 'owned' AND area_m2 IS NULL AND floor_area_m2 IS NOT NULL AS floor_only
    FROM occupancy WHERE occupant IS NOT NULL
    UNION ALL
    SELECT district, id, lessor, parcel_code, valid, -area_m2, NULL, recorded_at, superseded_at, 'leased_out',
           area_m2 IS NULL AND floor_area_m2 IS NOT NULL
    FROM occupancy WHERE lessor IS NOT NULL;
COMMENT ON VIEW holding IS 'each side of each occupancy; floor_only: holds or gives floor area and no land';

-- The list of a whole district walks these side by side in the order of the credit code: sums by enterprise then need
-- neither a sort nor a hash table (1,000,000 enterprises: 0.9 s instead of 1.9 s for the sums alone).
DROP INDEX occupancy_occupant;
DROP INDEX occupancy_lessor;
CREATE INDEX occupancy_occupant ON occupancy (district, occupant) INCLUDE (kind, area_m2, floor_area_m2, valid)
    WHERE superseded_at IS NULL AND occupant IS NOT NULL;
CREATE INDEX occupancy_lessor ON occupancy (district, lessor) INCLUDE (area_m2, floor_area_m2, valid)
    WHERE superseded_at IS NULL AND lessor IS NOT NULL;
CREATE INDEX enterprise_version_current ON enterprise_version (district, uscc, lower(valid) DESC)
    INCLUDE (valid, name, state, sector, size_class, industry_edition, industry_code, subdistrict, established_on,
             above_size_since, project_until)
    WHERE superseded_at IS NULL;
