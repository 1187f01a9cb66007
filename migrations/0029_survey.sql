-- Survey of industrial land (工业用地摸底调查), 四(一)1: rounds, the parcels that each froze, what was found there and the class it
-- came to, and what differs from the registers.
SET LOCAL lock_timeout = '5s';

CREATE TABLE survey_serial (
    district county_code NOT NULL REFERENCES district,
    year smallint NOT NULL,
    last integer NOT NULL,
    PRIMARY KEY (district, year)
);

CREATE TABLE survey_round (
    district county_code NOT NULL REFERENCES district,
    id uuid NOT NULL,
    year smallint NOT NULL,
    serial integer NOT NULL CHECK (serial > 0),
    name text NOT NULL CHECK (btrim(name) <> ''),
    -- Where it is made; the whole district without one.
    subdistrict text,
    -- The year by whose tax per mu land is told to be used at low efficiency.
    list_year smallint NOT NULL CHECK (list_year BETWEEN 1990 AND 2100),
    state text NOT NULL CHECK (state IN ('open', 'closed')),
    -- The day by whose register the parcels were frozen.
    opened_on date NOT NULL,
    opened_at timestamptz NOT NULL,
    opened_by uuid NOT NULL,
    opened_by_name text NOT NULL,
    parcels integer NOT NULL CHECK (parcels > 0),
    closed_on date,
    closed_at timestamptz,
    closed_by uuid,
    closed_by_name text,
    closing_words text,
    version integer NOT NULL DEFAULT 1,
    PRIMARY KEY (district, id),
    UNIQUE (district, year, serial),
    CONSTRAINT survey_round_closed CHECK (
        (state = 'closed') = (closed_on IS NOT NULL) AND num_nulls(closed_on, closed_at, closed_by, closed_by_name) IN (0, 4)),
    CONSTRAINT survey_round_four_eyes CHECK (closed_by <> opened_by),
    CHECK (closed_on >= opened_on)
);
COMMENT ON TABLE survey_round IS '工业用地摸底调查, 四(一)1';
-- One at a time, so that no parcel is surveyed twice at once.
CREATE UNIQUE INDEX survey_round_open ON survey_round (district) WHERE state = 'open';

CREATE TABLE survey_parcel (
    district county_code NOT NULL,
    id uuid NOT NULL,
    round uuid NOT NULL,
    code text NOT NULL,
    -- As the register had it on the day of the opening.
    parcel_version bigint NOT NULL,
    name text,
    area_m2 numeric CHECK (area_m2 > 0),
    land_use_scheme text,
    land_use_code text,
    supply_status text NOT NULL CHECK (supply_status IN ('approved_not_supplied', 'supplied_not_used', 'in_use', 'idle', 'low_efficiency')),
    subdistrict text NOT NULL,
    -- Why it is industrial land.
    listed_by text NOT NULL CHECK (listed_by IN ('registered_use', 'occupancy')),
    state text NOT NULL DEFAULT 'awaiting' CHECK (state IN ('awaiting', 'surveyed')),
    -- What counts is the last visit.
    visit uuid,
    visited_on date,
    class text CHECK (class IN ('approved_not_supplied', 'supplied_not_used', 'idle', 'low_efficiency', 'changed_use', 'in_use')),
    ground text,
    version integer NOT NULL DEFAULT 1,
    PRIMARY KEY (district, id),
    CONSTRAINT survey_parcel_once UNIQUE (district, round, code),
    UNIQUE (district, round, id),
    FOREIGN KEY (district, round) REFERENCES survey_round,
    CONSTRAINT survey_parcel_visited CHECK ((state = 'surveyed') = (visit IS NOT NULL) AND num_nulls(visit, visited_on) IN (0, 2)),
    CONSTRAINT survey_parcel_ground CHECK (num_nulls(class, ground) IN (0, 2) AND (class IS NULL OR visit IS NOT NULL))
);
CREATE INDEX survey_parcel_lies ON survey_parcel (district, round, subdistrict, code);
CREATE INDEX survey_parcel_stood ON survey_parcel (district, round, state, class, code);
-- Sums by place and class walk this alone.
CREATE INDEX survey_parcel_sums ON survey_parcel (district, round, subdistrict, state, class) INCLUDE (area_m2);
CREATE INDEX survey_parcel_prefix ON survey_parcel (district, round, code text_pattern_ops);
CREATE INDEX survey_parcel_code ON survey_parcel (district, code);

CREATE TABLE survey_visit (
    district county_code NOT NULL,
    -- Made by whoever sends it, so that what is sent again is known.
    id uuid NOT NULL,
    round uuid NOT NULL,
    parcel uuid NOT NULL,
    serial integer NOT NULL CHECK (serial > 0),
    visited_on date NOT NULL,
    standing text NOT NULL CHECK (standing IN ('vacant', 'building', 'standing_empty', 'used')),
    use_found text CHECK (use_found IN ('industry', 'mining', 'storage', 'commerce', 'housing', 'public', 'transport', 'agriculture', 'other')),
    -- The land use by its code, where whoever was there can name it.
    land_use_scheme text,
    land_use_code text,
    buildings smallint CHECK (buildings >= 0),
    floor_area_m2 numeric CHECK (floor_area_m2 > 0 AND floor_area_m2 <= 1000000000),
    licence text CHECK (licence IN ('shown', 'not_shown', 'none')),
    licence_words text,
    note text,
    class text CHECK (class IN ('approved_not_supplied', 'supplied_not_used', 'idle', 'low_efficiency', 'changed_use', 'in_use')),
    ground text,
    why text NOT NULL CHECK (btrim(why) <> ''),
    receipt text NOT NULL,
    -- Of what was sent.
    fingerprint bytea NOT NULL CHECK (length(fingerprint) = 32),
    recorded_at timestamptz NOT NULL,
    recorded_by uuid NOT NULL,
    recorded_by_name text NOT NULL,
    PRIMARY KEY (district, id),
    UNIQUE (district, parcel, serial),
    UNIQUE (district, parcel, id),
    FOREIGN KEY (district, round, parcel) REFERENCES survey_parcel (district, round, id),
    FOREIGN KEY (district, receipt) REFERENCES receipt,
    FOREIGN KEY (land_use_scheme, land_use_code) REFERENCES land_use,
    CHECK ((land_use_scheme IS NULL) = (land_use_code IS NULL)),
    CONSTRAINT survey_visit_used CHECK (standing <> 'used' OR use_found IS NOT NULL),
    CONSTRAINT survey_visit_ground CHECK (num_nulls(class, ground) IN (0, 2))
);
ALTER TABLE survey_parcel ADD CONSTRAINT survey_parcel_last FOREIGN KEY (district, id, visit) REFERENCES survey_visit (district, parcel, id);

-- Who was found there.
CREATE TABLE survey_user (
    district county_code NOT NULL,
    visit uuid NOT NULL,
    serial smallint NOT NULL CHECK (serial > 0),
    uscc text CHECK (uscc ~ '^[0-9A-HJ-NP-RTUW-Y]{18}$'),
    name text NOT NULL CHECK (btrim(name) <> ''),
    floor_area_m2 numeric CHECK (floor_area_m2 > 0 AND floor_area_m2 <= 1000000000),
    -- On the day of the visit, by the register of uses.
    on_record boolean NOT NULL,
    PRIMARY KEY (district, visit, serial),
    FOREIGN KEY (district, visit) REFERENCES survey_visit
);

-- What differs between register and ground, for a clerk to take over or refuse.
CREATE TABLE survey_difference (
    district county_code NOT NULL,
    id uuid NOT NULL,
    round uuid NOT NULL,
    parcel uuid NOT NULL,
    visit uuid NOT NULL,
    code text NOT NULL,
    subdistrict text NOT NULL,
    kind text NOT NULL CHECK (kind IN ('tenant', 'supply_status', 'land_use')),
    -- What the register says and what was found, in Chinese.
    registered text NOT NULL,
    found text NOT NULL CHECK (btrim(found) <> ''),
    -- What is written when it is taken over.
    proposal jsonb NOT NULL,
    state text NOT NULL CHECK (state IN ('proposed', 'taken_over', 'refused', 'overtaken')),
    found_on date NOT NULL,
    found_by uuid NOT NULL,
    found_by_name text NOT NULL,
    recorded_at timestamptz NOT NULL,
    decided_at timestamptz,
    decided_by uuid,
    decided_by_name text,
    reason text,
    version integer NOT NULL DEFAULT 1,
    PRIMARY KEY (district, id),
    FOREIGN KEY (district, round, parcel) REFERENCES survey_parcel (district, round, id),
    FOREIGN KEY (district, parcel, visit) REFERENCES survey_visit (district, parcel, id),
    CONSTRAINT survey_difference_decided CHECK ((state IN ('taken_over', 'refused')) = (decided_by IS NOT NULL)
        AND num_nulls(decided_at, decided_by, decided_by_name, reason) IN (0, 4)),
    CONSTRAINT survey_difference_four_eyes CHECK (decided_by <> found_by)
);
CREATE INDEX survey_difference_of ON survey_difference (district, parcel, recorded_at);
CREATE INDEX survey_difference_waiting ON survey_difference (district, subdistrict) WHERE state = 'proposed';
CREATE INDEX survey_difference_proposed ON survey_difference (district, code, id) WHERE state = 'proposed';
CREATE INDEX survey_difference_in_order ON survey_difference (district, code, id);
CREATE INDEX survey_difference_round ON survey_difference (district, round, code, id);
