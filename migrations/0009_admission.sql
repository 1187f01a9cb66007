-- The admission case (四(一)2): from an application to a decision that stands on a check, and what is committed by it.
-- What must never happen is refused here too: admitting what does not conform, deciding one's own recommendation,
-- setting a hit aside alone.

-- The number people know a case by: 2026-0012, and as many digits as it takes.
CREATE FUNCTION case_number(year smallint, serial integer) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN year || '-' || lpad(serial::text, greatest(4, length(serial::text)), '0');

-- Land on offer: the applicant binds itself to one of the rows (standard-land sets) that the offer allows. -----------

CREATE TABLE admission_offer (
    district county_code NOT NULL REFERENCES district,
    id uuid NOT NULL,
    parcel_code text NOT NULL,
    title text NOT NULL CHECK (title <> ''),
    land_kind text NOT NULL CHECK (land_kind IN ('industrial', 'commercial_service', 'logistics')),
    zone text,
    sets text[] NOT NULL CHECK (cardinality(sets) > 0),
    offered daterange NOT NULL CHECK (NOT isempty(offered) AND NOT lower_inf(offered)),
    beside_ground text CHECK (btrim(beside_ground) <> ''),
    beside_by text,
    beside_on date,
    version integer NOT NULL DEFAULT 1,
    recorded_at timestamptz NOT NULL,
    recorded_by text NOT NULL,
    PRIMARY KEY (district, id),
    EXCLUDE USING gist (hashtextextended(parcel_code, 0) WITH =, offered WITH &&, district WITH =),
    CONSTRAINT admission_offer_beside CHECK (
        (beside_ground IS NULL) = (beside_by IS NULL) AND (beside_ground IS NULL) = (beside_on IS NULL))
);
COMMENT ON COLUMN admission_offer.beside_ground IS 'why the parcel is offered although something stands against it';
CREATE INDEX admission_offer_newest ON admission_offer (district, lower(offered) DESC, id DESC);

-- Whom a case is shown to for an opinion, and how many working days they have. ----------------------------------------

CREATE TABLE admission_consultation (
    district county_code NOT NULL REFERENCES district,
    department text NOT NULL,
    sights text[] NOT NULL CHECK (cardinality(sights) > 0),
    working_days integer NOT NULL CHECK (working_days BETWEEN 1 AND 60),
    active boolean NOT NULL DEFAULT true,
    version integer NOT NULL DEFAULT 1,
    PRIMARY KEY (district, department)
);
COMMENT ON COLUMN admission_consultation.sights IS 'the parts of an application that the department judges; while they stay the same its approval stays';

-- The case --------------------------------------------------------------------------------------------------------------

CREATE TABLE admission_number (
    district county_code NOT NULL REFERENCES district,
    year smallint NOT NULL,
    last integer NOT NULL,
    PRIMARY KEY (district, year)
);

CREATE TABLE admission_case (
    district county_code NOT NULL REFERENCES district,
    id uuid NOT NULL,
    year smallint,
    serial integer,
    stage text NOT NULL CHECK (stage IN ('draft', 'submitted', 'returned', 'accepted', 'opinions', 'recommended',
                                         'decided', 'notified', 'withdrawn')),
    round integer NOT NULL DEFAULT 0 CHECK (round >= 0),
    version integer NOT NULL DEFAULT 1,
    client_key uuid NOT NULL,
    application jsonb NOT NULL,
    project text NOT NULL,
    investor text NOT NULL,
    uscc text,
    industry_edition text,
    industry_code text,
    land_kind text,
    offer uuid,
    parcel_code text,
    site geometry(MultiPolygon, 4490),
    site_web geometry(MultiPolygon, 3857) GENERATED ALWAYS AS (ST_Transform(site, 3857)) STORED,
    site_area_m2 numeric CHECK (site_area_m2 > 0),
    subdistrict text,
    applied_on date,
    handler uuid,
    handler_name text,
    outcome text CHECK (outcome IN ('admitted', 'refused')),
    created_by uuid,
    created_name text NOT NULL,
    created_at timestamptz NOT NULL,
    changed_at timestamptz NOT NULL,
    changed_by text NOT NULL,
    last_action text NOT NULL,
    PRIMARY KEY (district, id),
    UNIQUE (district, client_key),
    UNIQUE (district, year, serial),
    FOREIGN KEY (district, offer) REFERENCES admission_offer,
    CHECK ((year IS NULL) = (serial IS NULL)),
    CHECK (stage IN ('draft', 'withdrawn') OR (serial IS NOT NULL AND applied_on IS NOT NULL AND round > 0)),
    CHECK ((stage IN ('decided', 'notified')) = (outcome IS NOT NULL))
);
COMMENT ON COLUMN admission_case.client_key IS 'made by the form: the same form sent twice files one case';
COMMENT ON COLUMN admission_case.applied_on IS 'the day of the first submission; it picks the parameters, whatever is published later';
CREATE INDEX admission_case_recent ON admission_case (district, changed_at DESC, id);
CREATE INDEX admission_case_stage ON admission_case (district, stage, changed_at);
CREATE INDEX admission_case_site ON admission_case USING gist (site);
CREATE INDEX admission_case_creator ON admission_case (district, created_by);

-- What was submitted each time, as it was submitted.
CREATE TABLE admission_round (
    district county_code NOT NULL,
    case_id uuid NOT NULL,
    round integer NOT NULL,
    application jsonb NOT NULL,
    site geometry(MultiPolygon, 4490) NOT NULL,
    site_area_m2 numeric NOT NULL,
    sights jsonb NOT NULL,
    submitted_at timestamptz NOT NULL,
    submitted_by text NOT NULL,
    PRIMARY KEY (district, case_id, round),
    FOREIGN KEY (district, case_id) REFERENCES admission_case
);
COMMENT ON COLUMN admission_round.sights IS 'the hash of each part of the application, for approvals that carry over';

-- Checks. At most one of a case is current; a decision can only stand on it.
CREATE TABLE admission_check (
    district county_code NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    case_id uuid NOT NULL,
    round integer NOT NULL,
    receipt text NOT NULL,
    verdict text NOT NULL CHECK (verdict IN ('conforms', 'does_not_conform', 'not_determinable')),
    warnings jsonb NOT NULL,
    occasion text NOT NULL,
    current boolean NOT NULL,
    checked_at timestamptz NOT NULL,
    checked_by text NOT NULL,
    PRIMARY KEY (district, id),
    UNIQUE (district, case_id, round, id, receipt, verdict, current),
    FOREIGN KEY (district, case_id, round) REFERENCES admission_round,
    FOREIGN KEY (district, receipt, verdict) REFERENCES receipt (district, id, verdict)
);
CREATE UNIQUE INDEX admission_check_current ON admission_check (district, case_id) WHERE current;

CREATE TABLE admission_event (
    district county_code NOT NULL,
    case_id uuid NOT NULL,
    seq integer NOT NULL,
    at timestamptz NOT NULL,
    account uuid,
    actor text NOT NULL,
    action text NOT NULL,
    from_stage text,
    to_stage text NOT NULL,
    round integer NOT NULL,
    note text NOT NULL,
    PRIMARY KEY (district, case_id, seq),
    FOREIGN KEY (district, case_id) REFERENCES admission_case
);

CREATE TABLE admission_attachment (
    district county_code NOT NULL,
    id uuid NOT NULL,
    case_id uuid NOT NULL,
    name text NOT NULL CHECK (name <> ''),
    media_type text NOT NULL CHECK (media_type IN ('application/pdf', 'image/jpeg', 'image/png', 'image/webp')),
    bytes bigint NOT NULL CHECK (bytes > 0),
    sha256 bytea NOT NULL CHECK (length(sha256) = 32),
    added_at timestamptz NOT NULL,
    added_by text NOT NULL,
    removed_at timestamptz,
    removed_by text,
    PRIMARY KEY (district, id),
    FOREIGN KEY (district, case_id) REFERENCES admission_case,
    CHECK ((removed_at IS NULL) = (removed_by IS NULL))
);
CREATE INDEX admission_attachment_case ON admission_attachment (district, case_id);

CREATE TABLE admission_opinion (
    district county_code NOT NULL,
    case_id uuid NOT NULL,
    round integer NOT NULL,
    department text NOT NULL,
    asked_at timestamptz NOT NULL,
    due_on date NOT NULL,
    provisional boolean NOT NULL,
    sight text NOT NULL,
    stance text CHECK (stance IN ('agree', 'agree_with_conditions', 'object')),
    comment text NOT NULL DEFAULT '',
    given_by uuid,
    given_name text,
    given_at timestamptz,
    carried_from integer,
    PRIMARY KEY (district, case_id, round, department),
    FOREIGN KEY (district, case_id, round) REFERENCES admission_round,
    CHECK ((stance IS NULL) = (given_at IS NULL) AND (stance IS NULL) = (given_name IS NULL)),
    CHECK (stance IS NULL OR stance = 'agree' OR comment <> ''),
    CHECK (carried_from IS NULL OR (carried_from < round AND stance IN ('agree', 'agree_with_conditions')))
);
COMMENT ON COLUMN admission_opinion.sight IS 'hash of what the department was shown';
CREATE INDEX admission_opinion_open ON admission_opinion (district, department, due_on) WHERE stance IS NULL;

-- A hit on a planning layer that is not one: a reason, and a second person. The hit itself stays.
CREATE TABLE admission_set_aside (
    district county_code NOT NULL,
    id uuid NOT NULL,
    case_id uuid NOT NULL,
    site_hash text NOT NULL,
    layer text NOT NULL,
    edition_id bigint,
    hit jsonb NOT NULL,
    reason text NOT NULL CHECK (reason <> ''),
    proposed_by uuid NOT NULL,
    proposed_name text NOT NULL,
    proposed_at timestamptz NOT NULL,
    confirmed_by uuid,
    confirmed_name text,
    confirmed_at timestamptz,
    rejected boolean NOT NULL DEFAULT false,
    PRIMARY KEY (district, id),
    FOREIGN KEY (district, case_id) REFERENCES admission_case,
    CHECK (confirmed_by <> proposed_by),
    CHECK ((confirmed_by IS NULL) = (confirmed_at IS NULL)),
    -- Blanks give no reason.
    CONSTRAINT admission_set_aside_reason CHECK (btrim(reason) <> '')
);
CREATE UNIQUE INDEX admission_set_aside_once ON admission_set_aside (district, case_id, site_hash, layer) WHERE NOT rejected;

-- What a person said where a rule cannot decide. The last word on a rule counts; the earlier ones stay.
CREATE TABLE admission_judgement (
    district county_code NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    case_id uuid NOT NULL,
    rule text NOT NULL,
    conforms boolean NOT NULL,
    reason text NOT NULL CHECK (reason <> ''),
    by_account uuid NOT NULL,
    by_name text NOT NULL,
    at timestamptz NOT NULL,
    PRIMARY KEY (district, id),
    FOREIGN KEY (district, case_id) REFERENCES admission_case,
    CONSTRAINT admission_judgement_reason CHECK (btrim(reason) <> '' AND btrim(by_name) <> '')
);
CREATE INDEX admission_judgement_case ON admission_judgement (district, case_id, rule, id);

CREATE TABLE admission_recommendation (
    district county_code NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    case_id uuid NOT NULL,
    round integer NOT NULL,
    recommends text NOT NULL CHECK (recommends IN ('admit', 'refuse')),
    reason text NOT NULL CHECK (reason <> ''),
    by_account uuid NOT NULL,
    by_name text NOT NULL,
    at timestamptz NOT NULL,
    check_id bigint NOT NULL,
    verdict text NOT NULL,
    sent_back boolean NOT NULL DEFAULT false,
    PRIMARY KEY (district, id),
    UNIQUE (district, case_id, id, by_account),
    FOREIGN KEY (district, case_id, round) REFERENCES admission_round,
    FOREIGN KEY (district, check_id) REFERENCES admission_check,
    CHECK (recommends <> 'admit' OR verdict = 'conforms')
);
CREATE UNIQUE INDEX admission_recommendation_open ON admission_recommendation (district, case_id) WHERE NOT sent_back;

-- The decision: by another person than the one who recommended it, on the current check, admitting only what conforms.
CREATE TABLE admission_decision (
    district county_code NOT NULL,
    case_id uuid NOT NULL,
    round integer NOT NULL,
    outcome text NOT NULL CHECK (outcome IN ('admitted', 'refused')),
    reason text NOT NULL CHECK (reason <> ''),
    recommendation bigint NOT NULL,
    recommended_by uuid NOT NULL,
    decided_by uuid NOT NULL,
    decided_name text NOT NULL,
    decided_at timestamptz NOT NULL,
    check_id bigint NOT NULL,
    receipt text NOT NULL,
    verdict text NOT NULL,
    check_current boolean NOT NULL DEFAULT true CHECK (check_current),
    code text NOT NULL CHECK (code ~ '^[0-9A-HJKMNP-TV-Z]{16}$'),
    document text NOT NULL,
    document_sha256 bytea NOT NULL CHECK (length(document_sha256) = 32),
    PRIMARY KEY (district, case_id),
    UNIQUE (district, case_id, outcome),
    UNIQUE (district, code),
    FOREIGN KEY (district, case_id, round, check_id, receipt, verdict, check_current)
        REFERENCES admission_check (district, case_id, round, id, receipt, verdict, current),
    FOREIGN KEY (district, case_id, recommendation, recommended_by)
        REFERENCES admission_recommendation (district, case_id, id, by_account),
    CHECK (outcome <> 'admitted' OR verdict = 'conforms'),
    CHECK (decided_by <> recommended_by),
    -- A set that is shown as an example, and that the district has not adopted, is the ground of no decision.
    CONSTRAINT admission_decision_on_adopted_set CHECK ((document::jsonb #>> '{set,adoption}') IS DISTINCT FROM 'example')
);
COMMENT ON COLUMN admission_decision.document IS 'what the opinion says, as JSON; its hash is what the public page shows';

-- A case cannot say that it is decided unless there is such a decision.
ALTER TABLE admission_case ADD CONSTRAINT admission_case_decided
    FOREIGN KEY (district, id, outcome) REFERENCES admission_decision (district, case_id, outcome);

-- What an admitted project committed itself to, frozen on admission; the grant contract carries it. It is kept exactly: the
-- quotient of what was declared, the declared figures themselves, and the interval that was asked. Where only the words
-- are known the exact figure is missing.
CREATE TABLE admission_commitment (
    district county_code NOT NULL,
    case_id uuid NOT NULL,
    outcome text NOT NULL DEFAULT 'admitted' CHECK (outcome = 'admitted'),
    position integer NOT NULL,
    indicator text NOT NULL,
    kind text NOT NULL,
    required text,
    asked text,
    committed text NOT NULL,
    unit text NOT NULL,
    exact_numerator numeric CHECK (exact_numerator = trunc(exact_numerator)),
    exact_denominator numeric CHECK (exact_denominator > 0 AND exact_denominator = trunc(exact_denominator)),
    declared jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(declared) = 'object'),
    rule text NOT NULL,
    article text NOT NULL,
    PRIMARY KEY (district, case_id, position),
    FOREIGN KEY (district, case_id, outcome) REFERENCES admission_decision (district, case_id, outcome),
    CONSTRAINT admission_commitment_exact CHECK (
        (exact_numerator IS NULL) = (exact_denominator IS NULL) AND (exact_numerator IS NULL) = (asked IS NULL))
);
COMMENT ON COLUMN admission_commitment.required IS 'the interval that was asked, as written in the set';
COMMENT ON COLUMN admission_commitment.asked IS 'the interval that was asked, [150,)';
COMMENT ON COLUMN admission_commitment.committed IS 'the declared figure for the eye, in unit: on the binding side never more than the exact one';
COMMENT ON COLUMN admission_commitment.exact_numerator IS 'numerator over denominator is what was declared comes to, in unit';
COMMENT ON COLUMN admission_commitment.declared IS 'the figures it follows from, as declared: {"site_area": {"value": "20000", "unit": "平方米"}}';

-- Why an admission stands beside what stands against its land.
CREATE TABLE admission_beside (
    district county_code NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    case_id uuid NOT NULL,
    against text[] NOT NULL CHECK (cardinality(against) > 0),
    ground text NOT NULL CHECK (btrim(ground) <> ''),
    by_account uuid NOT NULL,
    recorded_by text NOT NULL CHECK (btrim(recorded_by) <> ''),
    recorded_on date NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (district, id),
    FOREIGN KEY (district, case_id) REFERENCES admission_case
);
CREATE INDEX admission_beside_case ON admission_beside (district, case_id);

-- What would change under other sets, or under whole rows that are not published. Nothing here is a decision.
CREATE TABLE admission_what_if (
    district county_code NOT NULL REFERENCES district,
    id uuid NOT NULL,
    title text NOT NULL,
    changes jsonb NOT NULL,
    added jsonb NOT NULL DEFAULT '[]',
    result jsonb,
    account uuid,
    actor text NOT NULL,
    created_at timestamptz NOT NULL,
    finished_at timestamptz,
    PRIMARY KEY (district, id)
);
CREATE INDEX admission_what_if_recent ON admission_what_if (district, created_at DESC);
