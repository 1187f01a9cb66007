-- Whatever is stored is valid in the frame it is stored in. A shape that is not makes the geometry engine give up on its
-- neighbours. Shapes from before keep their land: only the order of their rings is put right.
UPDATE parcel_version SET geom = ST_Multi(ST_CollectionExtract(ST_MakeValid(geom, 'method=structure'), 3))
WHERE NOT ST_IsValid(geom);

ALTER TABLE parcel_version ADD CONSTRAINT parcel_version_shape_valid CHECK (ST_IsValid(geom));

-- m² that two shapes share in a plane. Set over into it they may no longer be valid to the last digit, and the engine may
-- give up: then they are put right first, and where that does not help either the answer is no number, never an error.
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
