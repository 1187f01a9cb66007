-- Code lists, loaded from geodata/ by the binary and the same for every district; outlines, which are a district's own.

CREATE TABLE industry (
    edition text NOT NULL,
    code text NOT NULL,
    level smallint NOT NULL CHECK (level BETWEEN 1 AND 4),
    name text NOT NULL,
    section text NOT NULL,
    PRIMARY KEY (edition, code)
);

CREATE TABLE land_use (
    scheme text NOT NULL,
    code text NOT NULL,
    name text NOT NULL,
    industrial boolean NOT NULL DEFAULT false,
    PRIMARY KEY (scheme, code)
);

CREATE TABLE subdistrict (
    code text NOT NULL CHECK (code ~ '^\d{9}$'),
    name text NOT NULL,
    valid daterange NOT NULL,
    source text NOT NULL,
    EXCLUDE USING gist (code WITH =, valid WITH &&)
);

-- One old code may have several successors (a split) and one new code several predecessors (a merger).
CREATE TABLE code_successor (
    kind text NOT NULL CHECK (kind IN ('county', 'subdistrict')),
    old_code text NOT NULL,
    new_code text NOT NULL,
    effective_on date NOT NULL,
    source text NOT NULL,
    PRIMARY KEY (kind, old_code, new_code)
);

-- Outlines of the district, its sub-districts and its platforms, kept in two times as the registers are (see the parcels).
CREATE TABLE outline (
    district county_code NOT NULL REFERENCES district,
    id bigint GENERATED ALWAYS AS IDENTITY,
    kind text NOT NULL CHECK (kind IN ('district', 'subdistrict', 'platform')),
    code text NOT NULL,
    name text NOT NULL,
    valid daterange NOT NULL,
    geom geometry(MultiPolygon, 4490) NOT NULL CHECK (ST_IsValid(geom)),
    source text NOT NULL,
    recorded_at timestamptz NOT NULL,
    recorded_by text NOT NULL,
    superseded_at timestamptz,
    PRIMARY KEY (district, id),
    EXCLUDE USING gist (district WITH =, kind WITH =, code WITH =, valid WITH &&) WHERE (superseded_at IS NULL)
);
CREATE INDEX outline_place ON outline USING gist (geom) WHERE superseded_at IS NULL;
