-- What every room stands on: extensions, districts, revisions of layers, long work, and measuring of shapes that never fails.
-- District-owned tables have the district first in every key, so that they can be spread by district later; code lists have
-- none and are the same everywhere.

CREATE EXTENSION IF NOT EXISTS postgis;
CREATE EXTENSION IF NOT EXISTS btree_gist;
CREATE EXTENSION IF NOT EXISTS pg_trgm;

CREATE DOMAIN county_code AS text CHECK (VALUE ~ '^\d{6}$');

CREATE TABLE district (
    code county_code PRIMARY KEY,
    name text NOT NULL,
    synthetic boolean NOT NULL DEFAULT false
);
COMMENT ON COLUMN district.synthetic IS 'an invented district: every page that shows it says so';

-- A committed change to a layer raises its revision in the same transaction; tile addresses carry it.
CREATE TABLE layer_revision (
    district county_code NOT NULL REFERENCES district,
    layer text NOT NULL,
    revision bigint NOT NULL,
    PRIMARY KEY (district, layer)
);

-- Jobs: long work, resumable, with progress that the page and the terminal both show. ---------------------------------

CREATE TABLE job (
    district county_code NOT NULL REFERENCES district,
    id uuid NOT NULL,
    kind text NOT NULL,
    payload jsonb NOT NULL,
    state text NOT NULL CHECK (state IN ('queued', 'running', 'done', 'failed')),
    step text NOT NULL DEFAULT '',
    done bigint NOT NULL DEFAULT 0,
    total bigint,
    attempts integer NOT NULL DEFAULT 0,
    fault text,
    account uuid,
    actor text NOT NULL,
    created_at timestamptz NOT NULL,
    heartbeat_at timestamptz,
    finished_at timestamptz,
    PRIMARY KEY (district, id)
);
CREATE INDEX job_waiting ON job (district, created_at) WHERE state IN ('queued', 'running');
-- What is kept for a time only is found by its age.
CREATE INDEX job_over ON job (district, finished_at) WHERE state IN ('done', 'failed');
CREATE INDEX job_about ON job USING gin (payload jsonb_path_ops);

-- Measuring of shapes. Set over into a plane, shapes may no longer be valid to the last digit, and the geometry engine may
-- give up. One such shape must not fail the statement that asks about thousands. -----------------------------------------

-- m² that two shapes share in a plane; no number where the engine gives up also on shapes put right.
CREATE FUNCTION ground_in_common(a geometry, b geometry) RETURNS double precision
LANGUAGE plpgsql IMMUTABLE STRICT COST 1000 AS $$
BEGIN
    RETURN ST_Area(ST_Intersection(a, b));
EXCEPTION WHEN internal_error OR invalid_parameter_value THEN
    BEGIN
        RETURN ST_Area(ST_Intersection(ST_MakeValid(a), ST_MakeValid(b)));
    EXCEPTION WHEN internal_error OR invalid_parameter_value THEN
        RETURN 'NaN';
    END;
END $$;

-- Whether two shapes may share ground: true as well where the engine gives up, so that the ground itself is asked for.
CREATE FUNCTION may_share_ground(a geometry, b geometry) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE STRICT COST 1000 AS $$
BEGIN
    RETURN ST_Relate(a, b, 'T********');
EXCEPTION WHEN internal_error OR invalid_parameter_value THEN
    RETURN true;
END $$;

-- Whether two shapes are one and the same; not, where the engine gives up.
CREATE FUNCTION is_same_ground(a geometry, b geometry) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE STRICT COST 1000 AS $$
BEGIN
    RETURN ST_Equals(a, b);
EXCEPTION WHEN internal_error OR invalid_parameter_value THEN
    RETURN false;
END $$;

-- The ground that two shapes share. Where the engine gives up also on shapes put right, it is the whole first one: rather
-- asked about in vain than granted twice.
CREATE FUNCTION shared_ground(a geometry, b geometry) RETURNS geometry
LANGUAGE plpgsql IMMUTABLE STRICT COST 1000 AS $$
BEGIN
    RETURN ST_CollectionExtract(ST_Intersection(a, b), 3);
EXCEPTION WHEN internal_error OR invalid_parameter_value THEN
    BEGIN
        RETURN ST_CollectionExtract(ST_Intersection(ST_MakeValid(a), ST_MakeValid(b)), 3);
    EXCEPTION WHEN internal_error OR invalid_parameter_value THEN
        RETURN a;
    END;
END $$;

-- Whether shared ground is more than what surveys differ by: at least so many m², and somewhere wider than so many metres.
CREATE FUNCTION is_beyond_sliver(shared geometry, area_m2 numeric, width_m numeric) RETURNS boolean
LANGUAGE sql IMMUTABLE STRICT COST 1000
RETURN ST_Area(shared::geography) > 0 AND ST_Area(shared::geography)::numeric >= area_m2
    AND NOT ST_IsEmpty(ST_Buffer(shared::geography, (-width_m / 2)::double precision)::geometry);
