-- What a tile shows of a parcel, in units of the tile: its outline, or a square of `smallest` units about a point inside it
-- when the outline is too small to draw, so that none vanishes. Each square lies in exactly one tile before the buffer.
-- NULL when nothing of it lies in the tile. Statements ask for it behind a fence (OFFSET 0), once for each parcel.
CREATE FUNCTION tile_shape(shape geometry, box geometry, extent integer, buffer integer, smallest double precision)
    RETURNS geometry LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
    unit double precision := (ST_XMax(box) - ST_XMin(box)) / extent;
    outline geometry;
    inside geometry;
    x double precision;
    y double precision;
BEGIN
    IF GREATEST(ST_XMax(shape) - ST_XMin(shape), ST_YMax(shape) - ST_YMin(shape)) >= smallest * unit THEN
        outline := ST_AsMVTGeom(shape, box, extent, buffer, true);
    END IF;
    IF outline IS NOT NULL THEN
        RETURN outline;
    END IF;
    inside := ST_PointOnSurface(shape);
    x := floor((ST_X(inside) - ST_XMin(box)) / unit - smallest / 2);
    y := floor((ST_YMax(box) - ST_Y(inside)) / unit - smallest / 2);
    IF x BETWEEN -buffer AND extent + buffer AND y BETWEEN -buffer AND extent + buffer THEN
        RETURN ST_Reverse(ST_MakeEnvelope(x, y, x + smallest, y + smallest));
    END IF;
    RETURN NULL;
END
$$;
