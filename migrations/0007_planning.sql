-- Planning layers in dated editions. An edition is whole and stays as it was recorded: a later one ends its days, a
-- correction of the same first day supersedes it. No two editions of a layer hold on the same day.

CREATE TABLE planning_edition (
    district county_code NOT NULL REFERENCES district,
    id bigint GENERATED ALWAYS AS IDENTITY,
    layer text NOT NULL CHECK (layer IN ('urban_development_boundary', 'permanent_basic_farmland', 'ecological_red_line',
        'control_plan_land_use', 'industrial_block_line', 'environmental_control_unit')),
    name text NOT NULL CHECK (name <> ''),
    valid daterange NOT NULL CHECK (NOT isempty(valid) AND NOT lower_inf(valid)),
    demand text NOT NULL CHECK (demand IN ('inside', 'clear', 'allowed_uses')),
    allowed_uses jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(allowed_uses) = 'object'),
    review_by date,
    source text NOT NULL,
    areas bigint NOT NULL CHECK (areas >= 0),
    area_m2 numeric NOT NULL CHECK (area_m2 >= 0),
    fingerprint bytea NOT NULL,
    recorded_at timestamptz NOT NULL,
    recorded_by text NOT NULL,
    superseded_at timestamptz,
    ended_at timestamptz,
    ended_by text,
    PRIMARY KEY (district, id),
    EXCLUDE USING gist (layer WITH =, valid WITH &&, district WITH =) WHERE (superseded_at IS NULL)
);
COMMENT ON COLUMN planning_edition.allowed_uses IS 'land kind or use code → planned uses, with everything under them, that it may stand on';
COMMENT ON COLUMN planning_edition.review_by IS 'the last day on which the edition may be relied on without a review';
COMMENT ON COLUMN planning_edition.areas IS 'none when somebody confirmed that the district has no such area';
COMMENT ON COLUMN planning_edition.area_m2 IS 'sum of the areas'' plane areas';
COMMENT ON COLUMN planning_edition.fingerprint IS 'sha-256 over everything imported, so that the same file twice changes nothing';
COMMENT ON COLUMN planning_edition.ended_at IS 'when its end became known: a later edition was recorded';

CREATE TABLE planning_area (
    district county_code NOT NULL,
    edition bigint NOT NULL,
    number integer NOT NULL,
    name text,
    use_scheme text,
    use_code text,
    geom geometry(MultiPolygon, 4490) NOT NULL,
    geom_web geometry(MultiPolygon, 3857) NOT NULL GENERATED ALWAYS AS (ST_Transform(geom, 3857)) STORED,
    survey_srid integer NOT NULL,
    plane_area_m2 numeric NOT NULL,
    PRIMARY KEY (district, edition, number),
    FOREIGN KEY (district, edition) REFERENCES planning_edition,
    CONSTRAINT planning_area_valid CHECK (ST_IsValid(geom)),
    CHECK ((use_scheme IS NULL) = (use_code IS NULL))
);
COMMENT ON COLUMN planning_area.number IS 'the record in the file it came from';
CREATE INDEX planning_area_place ON planning_area USING gist (edition, geom);

-- What sites are held against: the areas in the plane of their survey zone, cut into parts of bounded size, because a
-- boundary of 100,000 points would otherwise be walked for every site. A copy: planning_area has the areas as drawn.
CREATE TABLE planning_part (
    district county_code NOT NULL,
    edition bigint NOT NULL,
    number integer NOT NULL,
    part integer NOT NULL,
    geom geometry(Geometry, 4490) NOT NULL,
    plane geometry NOT NULL,
    sound boolean NOT NULL,
    PRIMARY KEY (district, edition, number, part),
    FOREIGN KEY (district, edition, number) REFERENCES planning_area
);
COMMENT ON COLUMN planning_part.geom IS 'to find it by';
COMMENT ON COLUMN planning_part.plane IS 'to overlay and measure it, in the survey zone that its SRID names';
COMMENT ON COLUMN planning_part.sound IS 'valid; what is not fails the check of its layer';
CREATE INDEX planning_part_place ON planning_part USING gist (edition, geom);

-- Overlays that answer null where the geometry library gives up, so that one broken area fails one layer's check and
-- leaves the others standing. Null is never read as empty.
CREATE FUNCTION planning_union(shapes geometry[], zone integer) RETURNS geometry LANGUAGE plpgsql IMMUTABLE STRICT COST 1000 AS $$
BEGIN
    IF cardinality(shapes) = 1 THEN
        RETURN ST_Transform(shapes[1], zone);
    END IF;
    RETURN (SELECT ST_CollectionExtract(ST_UnaryUnion(ST_Collect(ST_Transform(s.shape, zone) ORDER BY s.place)), 3)
            FROM unnest(shapes) WITH ORDINALITY AS s (shape, place));
EXCEPTION WHEN internal_error OR invalid_parameter_value THEN
    RETURN NULL;
END $$;

CREATE FUNCTION planning_common(site geometry, shape geometry) RETURNS geometry LANGUAGE plpgsql IMMUTABLE STRICT COST 1000 AS $$
BEGIN
    RETURN ST_CollectionExtract(ST_Intersection(site, shape), 3);
EXCEPTION WHEN internal_error OR invalid_parameter_value THEN
    RETURN NULL;
END $$;

CREATE FUNCTION planning_difference(site geometry, taken geometry) RETURNS geometry LANGUAGE plpgsql IMMUTABLE STRICT COST 1000 AS $$
BEGIN
    RETURN ST_CollectionExtract(ST_Difference(site, taken), 3);
EXCEPTION WHEN internal_error OR invalid_parameter_value THEN
    RETURN NULL;
END $$;

-- A shape in pieces of few points; whole, where the engine gives up.
CREATE FUNCTION planning_pieces(shape geometry, points integer) RETURNS SETOF geometry
LANGUAGE plpgsql IMMUTABLE STRICT COST 1000 AS $$
DECLARE
    pieces geometry[];
BEGIN
    BEGIN
        pieces := ARRAY(SELECT ST_Subdivide(shape, points));
    EXCEPTION WHEN internal_error OR invalid_parameter_value THEN
        pieces := ARRAY[shape];
    END;
    RETURN QUERY SELECT unnest(pieces);
END $$;
