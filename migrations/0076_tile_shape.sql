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
