-- Files into registers: what was committed, what waits between preview and commit, and the shapes of staging tables.

-- The kinds of imports are listed in the program; a list here as well would have to be changed with every new one.
CREATE TABLE import_run (
    district county_code NOT NULL REFERENCES district,
    id uuid NOT NULL,
    kind text NOT NULL CHECK (kind ~ '^[a-z_]+$'),
    file_name text NOT NULL,
    file_sha256 bytea NOT NULL,
    options jsonb NOT NULL,
    state text NOT NULL CHECK (state IN ('uploaded', 'previewed', 'question', 'committed', 'refused')),
    report jsonb,
    read bigint NOT NULL DEFAULT 0,
    accepted bigint NOT NULL DEFAULT 0,
    rejected bigint NOT NULL DEFAULT 0,
    unchanged bigint NOT NULL DEFAULT 0,
    account uuid,
    actor text NOT NULL,
    created_at timestamptz NOT NULL,
    committed_at timestamptz,
    PRIMARY KEY (district, id)
);
CREATE INDEX import_run_recent ON import_run (district, created_at, id);
CREATE INDEX import_run_account ON import_run (district, account, created_at, id);
CREATE INDEX import_run_file ON import_run (district, file_name, created_at, id);
CREATE INDEX import_run_refused ON import_run (district, created_at, id) WHERE rejected > 0;

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
CREATE INDEX import_draft_open ON import_draft (district, account) WHERE NOT committed;

-- Shapes of the imports' staging tables. They stay empty: an import makes a temporary table of the same name and shape, which
-- hides these from its own connection, and the checked queries are compiled against these. ------------------------------

CREATE TABLE staging_fault (
    record bigint,
    line bigint,
    code text NOT NULL,
    severity text NOT NULL,
    message text NOT NULL
);

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

CREATE TABLE staging_parcel (
    record bigint PRIMARY KEY,
    line bigint,
    given_code text,
    code text,
    name text,
    survey_srid integer,
    geom_survey geometry(MultiPolygon),
    geom geometry(MultiPolygon, 4490),
    official_area_m2 numeric,
    plane_area_m2 numeric,
    geodesic_area_m2 numeric,
    land_use_scheme text,
    land_use_code text,
    supply_status text,
    subdistrict text,
    registered_subdistrict text,
    fingerprint bytea,
    shape_hash bytea,
    register_from date,
    register_until date,
    register_supply_status text,
    rejected boolean NOT NULL DEFAULT false,
    unchanged boolean NOT NULL DEFAULT false
);
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

CREATE TABLE staging_enterprise (
    record bigint NOT NULL,
    line bigint NOT NULL,
    rejected boolean NOT NULL,
    unchanged boolean NOT NULL DEFAULT false,
    uscc text,
    check_digit_fails boolean NOT NULL,
    name text,
    industry_edition text,
    industry_code text,
    sector text,
    size_class text,
    high_tech boolean,
    platform text,
    subdistrict text,
    state text,
    established_on date,
    above_size_since date,
    project_since date,
    project_until date,
    since date,
    until date,
    uscc_confirmed_by text,
    nearest bigint,
    covering bigint
);
COMMENT ON COLUMN staging_enterprise.nearest IS 'the version in force on the day, else the one before, else the next: what an empty cell is taken from';
COMMENT ON COLUMN staging_enterprise.covering IS 'the version in force on the day: what the row replaces';

CREATE TABLE staging_occupancy (
    record bigint NOT NULL,
    line bigint NOT NULL,
    rejected boolean NOT NULL,
    unchanged boolean NOT NULL DEFAULT false,
    uscc text,
    parcel_code text,
    side text,
    kind text,
    occupant text,
    lessor text,
    area_mu numeric,
    floor_area_m2 numeric,
    since date,
    until date,
    -- 长期, as against an empty cell, which leaves what is on record.
    open_ended boolean NOT NULL DEFAULT false,
    existing bigint
);
COMMENT ON COLUMN staging_occupancy.uscc IS 'the enterprise that tells; the other one of a lease is its counterpart';
COMMENT ON COLUMN staging_occupancy.open_ended IS 'the row says that the use has no end; until is then null';
COMMENT ON COLUMN staging_occupancy.existing IS 'the row of the register with the same parcel, parties and first day';

CREATE TABLE staging_return (
    record bigint NOT NULL,
    line bigint NOT NULL,
    rejected boolean NOT NULL,
    unchanged boolean NOT NULL DEFAULT false,
    uscc text,
    year smallint,
    state text,
    figures numeric[]
);
COMMENT ON COLUMN staging_return.figures IS 'in the order of the indicators; null where the file says nothing';

CREATE TABLE staging_figure (
    record bigint NOT NULL,
    uscc text NOT NULL,
    year smallint NOT NULL,
    indicator text NOT NULL,
    department text NOT NULL,
    value numeric NOT NULL,
    state text NOT NULL,
    existing bigint,
    existing_value numeric,
    existing_state text,
    unchanged boolean NOT NULL DEFAULT false
);

CREATE TABLE staging_planning_feature (
    record bigint NOT NULL,
    line bigint,
    name text,
    use_scheme text,
    use_code text,
    shape geometry NOT NULL,
    fingerprint bytea NOT NULL,
    rejected boolean NOT NULL
);

CREATE TABLE staging_planning_area (
    record bigint NOT NULL,
    line bigint,
    name text,
    use_scheme text,
    use_code text,
    geom geometry(MultiPolygon, 4490) NOT NULL,
    plane geometry,
    survey_srid integer,
    fingerprint bytea NOT NULL,
    rejected boolean NOT NULL
);
