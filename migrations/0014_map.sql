-- What the map is drawn by. Its colours are caches: nothing else reads them as facts, and a row that is gone is worked out
-- again.

-- By the yield of the land, worked out once for a year and a state of the registers. Kept out of the write-ahead log, and
-- emptied together by a crash. A row of the one table without a row of the other says nothing, so there is no foreign key
-- between them, which doubled the time to fill them; whoever forgets an edition forgets its figures.
CREATE UNLOGGED TABLE parcel_yield_edition (
    district county_code NOT NULL REFERENCES district,
    id bigint GENERATED ALWAYS AS IDENTITY,
    year smallint NOT NULL,
    revision bigint NOT NULL,
    rule text NOT NULL,
    PRIMARY KEY (district, id),
    UNIQUE (district, year, revision, rule)
);
COMMENT ON COLUMN parcel_yield_edition.revision IS 'the sum of the layer revisions the figures rest on';
COMMENT ON COLUMN parcel_yield_edition.rule IS 'digest of the line and the band edges it was worked out with';

CREATE UNLOGGED TABLE parcel_yield (
    district county_code NOT NULL,
    edition bigint NOT NULL,
    code text NOT NULL,
    band smallint NOT NULL,
    flagged boolean NOT NULL,
    industries text NOT NULL,
    tax_per_mu numeric,
    PRIMARY KEY (district, edition, code)
);
COMMENT ON COLUMN parcel_yield.tax_per_mu IS 'yuan per mu, rounded to 4 decimals for the eye; the band was chosen without rounding';
COMMENT ON COLUMN parcel_yield.industries IS 'letters of the GB/T 4754 sections present, in order';

-- By the contracts, worked out once for a day and a state of their register.
CREATE TABLE contract_map_edition (
    district county_code NOT NULL REFERENCES district,
    id bigint GENERATED ALWAYS AS IDENTITY,
    as_of date NOT NULL,
    revision bigint NOT NULL,
    rule text NOT NULL,
    PRIMARY KEY (district, id),
    UNIQUE (district, as_of, revision, rule)
);
COMMENT ON COLUMN contract_map_edition.revision IS 'the revision of the contracts it was worked out under';
COMMENT ON COLUMN contract_map_edition.rule IS 'digest of the rules of the day and of the program';

CREATE TABLE contract_map (
    district county_code NOT NULL,
    edition bigint NOT NULL,
    code text NOT NULL,
    stage text NOT NULL,
    days_late integer NOT NULL CHECK (days_late >= 0),
    idle text NOT NULL,
    PRIMARY KEY (district, edition, code),
    FOREIGN KEY (district, edition) REFERENCES contract_map_edition ON DELETE CASCADE
);
COMMENT ON TABLE contract_map IS 'of several contracts about one parcel, the one concluded last';
COMMENT ON COLUMN contract_map.days_late IS 'of the duty of a party that is latest; 0 when none is late';

-- What a tile shows of a parcel, in units of the tile: its outline, or a square of `smallest` units when the outline is too
-- small to draw, so that none vanishes. The square lies about the middle of what is smaller than itself, else about a point
-- inside; either lies in exactly one tile before the buffer. NULL when nothing of it lies in the tile. Statements ask for it
-- behind a fence (OFFSET 0), once for each parcel.
CREATE FUNCTION tile_shape(shape geometry, box geometry, extent integer, buffer integer, smallest double precision)
    RETURNS geometry LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
    unit double precision := (ST_XMax(box) - ST_XMin(box)) / extent;
    west double precision := ST_XMin(shape);
    east double precision := ST_XMax(shape);
    south double precision := ST_YMin(shape);
    north double precision := ST_YMax(shape);
    outline geometry;
    inside geometry;
    x double precision := (west + east) / 2;
    y double precision := (south + north) / 2;
BEGIN
    IF GREATEST(east - west, north - south) >= smallest * unit THEN
        outline := ST_AsMVTGeom(shape, box, extent, buffer, true);
        IF outline IS NOT NULL THEN
            RETURN outline;
        END IF;
        inside := ST_PointOnSurface(shape);
        x := ST_X(inside);
        y := ST_Y(inside);
    END IF;
    x := floor((x - ST_XMin(box)) / unit - smallest / 2);
    y := floor((ST_YMax(box) - y) / unit - smallest / 2);
    IF x BETWEEN -buffer AND extent + buffer AND y BETWEEN -buffer AND extent + buffer THEN
        RETURN ST_Reverse(ST_MakeEnvelope(x, y, x + smallest, y + smallest));
    END IF;
    RETURN NULL;
END
$$;
