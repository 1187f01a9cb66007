-- What the map colours parcels by, worked out once for a year and a state of the registers. A cache: nothing else reads
-- it as a fact, and a row that is gone is worked out again.
CREATE TABLE parcel_yield_edition (
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

CREATE TABLE parcel_yield (
    district county_code NOT NULL,
    edition bigint NOT NULL,
    code text NOT NULL,
    band smallint NOT NULL,
    flagged boolean NOT NULL,
    industries text NOT NULL,
    tax_per_mu numeric,
    PRIMARY KEY (district, edition, code),
    FOREIGN KEY (district, edition) REFERENCES parcel_yield_edition ON DELETE CASCADE
);
COMMENT ON COLUMN parcel_yield.tax_per_mu IS 'yuan per mu, rounded to 4 decimals for the eye; the band was chosen without rounding';
COMMENT ON COLUMN parcel_yield.industries IS 'letters of the GB/T 4754 sections present, in order';

-- Search by the beginning of a code.
CREATE INDEX parcel_version_prefix ON parcel_version (district, code text_pattern_ops) WHERE superseded_at IS NULL;
CREATE INDEX enterprise_version_prefix ON enterprise_version (district, uscc text_pattern_ops) WHERE superseded_at IS NULL;
