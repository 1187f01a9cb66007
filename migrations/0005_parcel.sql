-- Parcels. Two times in every register: `valid` is what held when, `recorded_at`/`superseded_at` is when we knew it.
-- Nothing is overwritten: a correction closes what was known and adds a row with a reason and a name.

CREATE TABLE parcel_version (
    district county_code NOT NULL REFERENCES district,
    id bigint GENERATED ALWAYS AS IDENTITY,
    code text NOT NULL CHECK (code ~ '^\d{12}[GJZ][ABSXCDEFGHWY]\d{5}$'),
    valid daterange NOT NULL CHECK (NOT isempty(valid)),
    name text,
    geom geometry(MultiPolygon, 4490) NOT NULL,
    geom_web geometry(MultiPolygon, 3857) NOT NULL GENERATED ALWAYS AS (ST_Transform(geom, 3857)) STORED,
    survey_srid integer NOT NULL,
    survey_truth boolean NOT NULL,
    official_area_m2 numeric CHECK (official_area_m2 > 0),
    plane_area_m2 numeric NOT NULL,
    geodesic_area_m2 numeric NOT NULL,
    land_use_scheme text,
    land_use_code text,
    supply_status text NOT NULL CHECK (supply_status IN ('approved_not_supplied', 'supplied_not_used', 'in_use', 'idle', 'low_efficiency')),
    subdistrict text,
    registered_subdistrict text NOT NULL,
    source text NOT NULL,
    reason text NOT NULL,
    recorded_at timestamptz NOT NULL,
    recorded_by text NOT NULL,
    superseded_at timestamptz,
    fingerprint bytea NOT NULL,
    PRIMARY KEY (district, id),
    -- By the 64-bit hash of the code, and that first: 50,000 rows are inserted in 1.6 s instead of 4.0 s.
    EXCLUDE USING gist (hashtextextended(code, 0) WITH =, valid WITH &&, district WITH =) WHERE (superseded_at IS NULL),
    FOREIGN KEY (land_use_scheme, land_use_code) REFERENCES land_use,
    CHECK ((land_use_scheme IS NULL) = (land_use_code IS NULL)),
    -- A shape that is not valid in the frame it is stored in makes the geometry engine give up on its neighbours.
    CONSTRAINT parcel_version_shape_valid CHECK (ST_IsValid(geom)),
    -- The last line against figures that cannot be, here as in the other registers: the bounds of src/base/bounds.rs, which
    -- a test holds to these. What was superseded stays as it was known.
    CONSTRAINT parcel_version_plausible CHECK (superseded_at IS NOT NULL OR (
        (official_area_m2 IS NULL OR (official_area_m2 <= 1000000000 AND min_scale(official_area_m2) <= 12))
        AND plane_area_m2 <= 1000000000 AND geodesic_area_m2 <= 1000000000))
);
COMMENT ON COLUMN parcel_version.subdistrict IS 'where the parcel lies by the outlines in force; null while no outline covers it';
COMMENT ON COLUMN parcel_version.registered_subdistrict IS 'the first nine digits of the parcel code, resolved through the crosswalk';
COMMENT ON COLUMN parcel_version.fingerprint IS 'sha-256 over what was imported, so that the same file twice changes nothing';

CREATE INDEX parcel_version_place ON parcel_version USING gist (geom) WHERE superseded_at IS NULL;
-- One index by code for what is on record and what was, instead of one for each: an import writes every index.
CREATE INDEX parcel_version_by_code ON parcel_version (district, code, lower(valid) DESC);
-- Search by the beginning of a code, and by part of a name.
CREATE INDEX parcel_version_prefix ON parcel_version (district, code text_pattern_ops) WHERE superseded_at IS NULL;
CREATE INDEX parcel_version_name ON parcel_version USING gin (name gin_trgm_ops) WHERE superseded_at IS NULL;

-- What a list can be narrowed to, and the narrowed list itself, come from indexes. Those of few different values are kept
-- small by the database (one entry for many rows), so they cost an import little.
-- Where a parcel lies counts by the outlines, else by its code; lists of a sub-district walk it in the order of codes.
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
CREATE INDEX parcel_version_to_look_at ON parcel_version (district, (COALESCE(subdistrict, registered_subdistrict)))
    WHERE superseded_at IS NULL AND upper_inf(valid) AND supply_status IN ('idle', 'low_efficiency');
-- Both ways by area; parcels without one come after these either way.
CREATE INDEX parcel_version_area ON parcel_version (district, official_area_m2, code)
    WHERE superseded_at IS NULL AND official_area_m2 IS NOT NULL;
CREATE INDEX parcel_version_without_area ON parcel_version (district, code)
    WHERE superseded_at IS NULL AND official_area_m2 IS NULL;

-- Nothing is looked for by these; counting them anew after an import took a fifth of the time.
ALTER TABLE parcel_version ALTER COLUMN geom_web SET STATISTICS 0, ALTER COLUMN fingerprint SET STATISTICS 0;

CREATE TABLE parcel_lineage (
    district county_code NOT NULL REFERENCES district,
    id bigint GENERATED ALWAYS AS IDENTITY,
    kind text NOT NULL CHECK (kind IN ('split', 'merge', 'adjust')),
    predecessor text NOT NULL,
    successor text NOT NULL,
    effective_on date NOT NULL,
    source text NOT NULL,
    reason text NOT NULL,
    recorded_at timestamptz NOT NULL,
    recorded_by text NOT NULL,
    PRIMARY KEY (district, id),
    UNIQUE (district, predecessor, successor, effective_on)
);
CREATE INDEX parcel_lineage_successor ON parcel_lineage (district, successor);

-- A parcel, everything it came of and everything that came of it. Those are few: taken into the statement that asks, the
-- function would be believed to bring thousands, and whole registers would be read to meet them; a strict one is called
-- for each parcel instead.
CREATE FUNCTION parcel_kin(of_district text, of_code text) RETURNS TABLE (code text, relation text)
LANGUAGE sql STABLE STRICT ROWS 4 AS $$
    WITH RECURSIVE older AS (
        SELECT of_code AS code
        UNION
        SELECT l.predecessor FROM older o JOIN parcel_lineage l ON l.district = of_district AND l.successor = o.code),
    younger AS (
        SELECT of_code AS code
        UNION
        SELECT l.successor FROM younger y JOIN parcel_lineage l ON l.district = of_district AND l.predecessor = y.code)
    SELECT of_code, 'self'
    UNION ALL SELECT o.code, 'older' FROM older o WHERE o.code <> of_code
    UNION ALL SELECT y.code, 'younger' FROM younger y WHERE y.code <> of_code AND y.code NOT IN (SELECT code FROM older)
$$;
