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
