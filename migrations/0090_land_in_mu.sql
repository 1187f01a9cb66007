-- Land that people state is kept in mu: a figure in mu and a figure in square metres (0.0015 mu each) both have an end
-- there, so that sums, differences and comparisons are exact. Square metres are worked out for the eye.
--
-- Figures that had come in mu were kept in square metres, rounded at ten decimals: they are what gives, rounded the same
-- way, exactly what is on record. All others are multiplied.
DROP VIEW holding;
DROP INDEX occupancy_occupant;
DROP INDEX occupancy_lessor;

ALTER TABLE occupancy ALTER COLUMN area_m2 TYPE numeric USING
    CASE WHEN min_scale(area_m2) >= 9 AND round(round(area_m2 * 0.0015, 8) * 2000 / 3, 10) = area_m2
         THEN trim_scale(round(area_m2 * 0.0015, 8)) ELSE area_m2 * 0.0015 END;
ALTER TABLE occupancy RENAME COLUMN area_m2 TO area_mu;
COMMENT ON COLUMN occupancy.area_mu IS 'land in mu, exactly as it was stated; 1 m² = 0.0015 mu';
ALTER TABLE staging_occupancy RENAME COLUMN area_m2 TO area_mu;

CREATE VIEW holding AS
    SELECT district, id AS occupancy, occupant AS uscc, parcel_code, valid, area_mu, floor_area_m2, recorded_at, superseded_at,
           CASE kind WHEN 'leased' THEN 'leased_in' ELSE kind END AS side,
           kind <> 'owned' AND area_mu IS NULL AND floor_area_m2 IS NOT NULL AS floor_only
    FROM occupancy WHERE occupant IS NOT NULL
    UNION ALL
    SELECT district, id, lessor, parcel_code, valid, -area_mu, NULL, recorded_at, superseded_at, 'leased_out',
           area_mu IS NULL AND floor_area_m2 IS NOT NULL
    FROM occupancy WHERE lessor IS NOT NULL;
COMMENT ON VIEW holding IS 'each side of each occupancy; floor_only: holds or gives floor area and no land';

CREATE INDEX occupancy_occupant ON occupancy (district, occupant) INCLUDE (kind, area_mu, floor_area_m2, valid)
    WHERE superseded_at IS NULL AND occupant IS NOT NULL;
CREATE INDEX occupancy_lessor ON occupancy (district, lessor) INCLUDE (area_mu, floor_area_m2, valid)
    WHERE superseded_at IS NULL AND lessor IS NOT NULL;
