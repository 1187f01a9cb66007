-- A parcel came of few others and few came of it. Taken into the statement that asks, the function would be believed to bring
-- thousands, and whole registers would be read to meet them; a strict one is called for each parcel instead.
ALTER FUNCTION parcel_kin(text, text) STRICT ROWS 4;
