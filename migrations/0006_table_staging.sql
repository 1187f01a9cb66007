-- Shapes of the staging tables of table imports. They stay empty, as staging_parcel does: an import makes a temporary
-- table of the same name and shape, which hides these from its own connection.

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
    area_m2 numeric,
    floor_area_m2 numeric,
    since date,
    until date,
    existing bigint
);
COMMENT ON COLUMN staging_occupancy.uscc IS 'the enterprise that tells; the other one of a lease is its counterpart';
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
