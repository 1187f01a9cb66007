-- The number people know a case by: 2026-0012, and as many digits as it takes.
CREATE FUNCTION case_number(year smallint, serial integer) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN year || '-' || lpad(serial::text, greatest(4, length(serial::text)), '0');

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
