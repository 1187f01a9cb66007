-- What imports of shapes need beyond their first staging tables. All staging tables here stay empty: an import makes
-- temporary tables of the same name and shape, which hide these from its own connection.

-- A record as it stands in the file, before the frame of its coordinates is decided.
CREATE TABLE staging_feature (
    record bigint NOT NULL,
    line bigint,
    given_code text,
    code text,
    name text,
    shape geometry NOT NULL,
    official_area_m2 numeric,
    land_use_scheme text,
    land_use_code text,
    supply_status text,
    registered_subdistrict text,
    fingerprint bytea,
    shape_hash bytea,
    rejected boolean NOT NULL
);

ALTER TABLE staging_parcel
    ADD COLUMN given_code text,
    ADD COLUMN survey_srid integer,
    ADD COLUMN shape_hash bytea,
    ADD COLUMN register_from date,
    ADD COLUMN register_until date,
    ADD COLUMN register_supply_status text;
COMMENT ON COLUMN staging_parcel.given_code IS 'the code as the file has it; code is set when it is a parcel code';
COMMENT ON COLUMN staging_parcel.geom_survey IS 'in the plane of the survey zone, where areas are measured';
COMMENT ON COLUMN staging_parcel.survey_srid IS 'the survey zone; null for places no zone of China covers';

CREATE TABLE staging_outline (
    record bigint NOT NULL,
    line bigint,
    kind text NOT NULL,
    code text NOT NULL,
    name text NOT NULL,
    shape geometry NOT NULL,
    geom geometry(MultiPolygon, 4490),
    rejected boolean NOT NULL DEFAULT false,
    unchanged boolean NOT NULL DEFAULT false,
    register_from date,
    register_until date
);

-- An upload between its first preview and its commit. What was committed stands in import_run.
CREATE TABLE import_draft (
    district county_code NOT NULL REFERENCES district,
    id uuid NOT NULL,
    kind text NOT NULL,
    file_name text NOT NULL,
    stored_name text NOT NULL,
    options jsonb NOT NULL,
    report jsonb,
    committed boolean NOT NULL DEFAULT false,
    account uuid,
    actor text NOT NULL,
    subdistrict text,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (district, id)
);
COMMENT ON COLUMN import_draft.stored_name IS 'the file to open in the draft''s upload folder';
