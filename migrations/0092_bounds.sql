-- The last line against figures that cannot be: the bounds of src/base/bounds.rs, which a test holds to these. What was
-- taken before stays as it was known, so that it can be superseded by what is right.
ALTER TABLE occupancy ADD CONSTRAINT occupancy_plausible CHECK (superseded_at IS NOT NULL OR (
    (area_mu IS NULL OR (area_mu <= 1500000 AND min_scale(area_mu) <= 16))
    AND (floor_area_m2 IS NULL OR (floor_area_m2 <= 1000000000 AND min_scale(floor_area_m2) <= 12)))) NOT VALID;
ALTER TABLE parcel_version ADD CONSTRAINT parcel_version_plausible CHECK (superseded_at IS NOT NULL OR (
    (official_area_m2 IS NULL OR (official_area_m2 <= 1000000000 AND min_scale(official_area_m2) <= 12))
    AND plane_area_m2 <= 1000000000 AND geodesic_area_m2 <= 1000000000)) NOT VALID;
ALTER TABLE return_figure ADD CONSTRAINT return_figure_plausible CHECK (superseded_at IS NOT NULL OR (
    min_scale(value) <= 12 AND abs(value) <= CASE indicator
        WHEN 'energy' THEN 1000000000 WHEN 'emission' THEN 1000000000 WHEN 'headcount' THEN 10000000
        ELSE 1000000000000 END)) NOT VALID;
