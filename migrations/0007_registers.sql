-- The lists of the registers walk these: by code, by official area, and by part of a name.
CREATE INDEX parcel_version_current ON parcel_version (district, code, lower(valid) DESC) WHERE superseded_at IS NULL;
CREATE INDEX parcel_version_name ON parcel_version USING gin (name gin_trgm_ops) WHERE superseded_at IS NULL;
CREATE INDEX enterprise_version_names ON enterprise_version (district, name, uscc) WHERE superseded_at IS NULL;
