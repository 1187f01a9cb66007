-- Joint enforcement (联合执法), 四(一)4: campaigns of several departments, whom they look at together, what each department found
-- there and what became of it, and what is proposed to the register of vetoes.
SET LOCAL lock_timeout = '5s';

-- The visit itself is an inspection with a checklist of its own.
ALTER TABLE inspection_task DROP CONSTRAINT inspection_task_stage_check;
ALTER TABLE inspection_task ADD CONSTRAINT inspection_task_stage_check
    CHECK (stage IN ('construction', 'production', 'remaining_term', 'idle_suspicion', 'low_efficiency', 'joint_enforcement'));

CREATE TABLE enforcement_campaign_serial (
    district county_code NOT NULL REFERENCES district,
    year smallint NOT NULL,
    last integer NOT NULL,
    PRIMARY KEY (district, year)
);

CREATE TABLE enforcement_finding_serial (
    district county_code NOT NULL REFERENCES district,
    year smallint NOT NULL,
    last integer NOT NULL,
    PRIMARY KEY (district, year)
);

CREATE TABLE enforcement_campaign (
    district county_code NOT NULL REFERENCES district,
    id uuid NOT NULL,
    year smallint NOT NULL,
    serial integer NOT NULL CHECK (serial > 0),
    name text NOT NULL CHECK (btrim(name) <> ''),
    -- The plan or order that it rests on.
    document text NOT NULL CHECK (btrim(document) <> ''),
    lead text NOT NULL,
    -- Who goes together, the lead among them.
    departments text[] NOT NULL,
    -- Of the visits.
    due date NOT NULL,
    -- Who carries the form for all.
    inspector uuid NOT NULL,
    state text NOT NULL CHECK (state IN ('open', 'closed')),
    opened_on date NOT NULL,
    opened_at timestamptz NOT NULL,
    opened_by uuid NOT NULL,
    opened_by_name text NOT NULL,
    closed_on date,
    closed_at timestamptz,
    closed_by uuid,
    closed_by_name text,
    closing_words text,
    version integer NOT NULL DEFAULT 1,
    PRIMARY KEY (district, id),
    UNIQUE (district, year, serial),
    FOREIGN KEY (district, inspector) REFERENCES account,
    CONSTRAINT enforcement_campaign_joint CHECK (cardinality(departments) >= 2 AND lead = ANY (departments)),
    CONSTRAINT enforcement_campaign_closed CHECK (
        (state = 'closed') = (closed_on IS NOT NULL)
        AND num_nulls(closed_on, closed_at, closed_by, closed_by_name, closing_words) IN (0, 5)),
    CHECK (due >= opened_on)
);
COMMENT ON TABLE enforcement_campaign IS '联合执法, 四(一)4';

CREATE TABLE enforcement_target (
    district county_code NOT NULL,
    id uuid NOT NULL,
    campaign uuid NOT NULL,
    uscc text NOT NULL CHECK (uscc ~ '^[0-9A-HJ-NP-RTUW-Y]{18}$'),
    name text NOT NULL,
    -- Where they go: the land of the enterprise on the day it was listed, the largest part of it.
    parcel text NOT NULL,
    subdistrict text NOT NULL,
    task uuid NOT NULL,
    state text NOT NULL CHECK (state IN ('awaiting', 'handed_over', 'sound', 'dropped')),
    -- The visit whose result was handed over.
    visit uuid,
    visited_on date,
    handed_on date,
    handed_by uuid,
    handed_by_name text,
    -- Who was there of each department, by its code.
    present jsonb,
    -- Departments that could not look.
    unseen text[] NOT NULL DEFAULT '{}',
    findings smallint NOT NULL DEFAULT 0 CHECK (findings >= 0),
    -- Why nobody goes.
    reason text,
    version integer NOT NULL DEFAULT 1,
    PRIMARY KEY (district, id),
    UNIQUE (district, campaign, id),
    CONSTRAINT enforcement_target_once UNIQUE (district, campaign, uscc),
    FOREIGN KEY (district, campaign) REFERENCES enforcement_campaign,
    FOREIGN KEY (district, task) REFERENCES inspection_task,
    FOREIGN KEY (district, visit) REFERENCES inspection_visit,
    CONSTRAINT enforcement_target_handed CHECK (
        (state IN ('handed_over', 'sound')) = (visit IS NOT NULL)
        AND num_nulls(visit, visited_on, handed_on, handed_by, handed_by_name, present) IN (0, 6)),
    CONSTRAINT enforcement_target_found CHECK ((state = 'handed_over') = (findings > 0)),
    CONSTRAINT enforcement_target_dropped CHECK ((state = 'dropped') = (reason IS NOT NULL)),
    CHECK (handed_on >= visited_on)
);
CREATE INDEX enforcement_target_stood ON enforcement_target (district, campaign, state, uscc);
CREATE INDEX enforcement_target_uscc ON enforcement_target (district, uscc);
CREATE INDEX enforcement_target_parcel ON enforcement_target (district, parcel);
CREATE INDEX enforcement_target_task ON enforcement_target (district, task);
CREATE INDEX enforcement_target_waiting ON enforcement_target (district, subdistrict) WHERE state = 'awaiting';

-- One thing that one department found: its case.
CREATE TABLE enforcement_finding (
    district county_code NOT NULL,
    id uuid NOT NULL,
    year smallint NOT NULL,
    serial integer NOT NULL CHECK (serial > 0),
    campaign uuid NOT NULL,
    target uuid NOT NULL,
    uscc text NOT NULL,
    name text NOT NULL,
    parcel text NOT NULL,
    subdistrict text NOT NULL,
    department text NOT NULL,
    -- The question of the checklist, as it was asked.
    item text NOT NULL,
    question text NOT NULL,
    basis text NOT NULL,
    words text NOT NULL CHECK (btrim(words) <> ''),
    found_on date NOT NULL,
    handed_on date NOT NULL,
    handed_by uuid NOT NULL,
    handed_by_name text NOT NULL,
    state text NOT NULL CHECK (state IN ('handed_over', 'filed', 'ordered', 'rectified', 'not_upheld')),
    -- Of the department's next step; of the order, once there is one.
    due date,
    -- Number of the department's own case, and of its order.
    filing text,
    order_document text,
    ordered_by uuid,
    -- All fines together.
    fine_yuan numeric CHECK (fine_yuan > 0 AND scale(fine_yuan) <= 2),
    closed_on date,
    closed_by uuid,
    version integer NOT NULL DEFAULT 1,
    PRIMARY KEY (district, id),
    UNIQUE (district, year, serial),
    CONSTRAINT enforcement_finding_once UNIQUE (district, target, item),
    FOREIGN KEY (district, campaign, target) REFERENCES enforcement_target (district, campaign, id),
    CONSTRAINT enforcement_finding_open CHECK (
        (state IN ('rectified', 'not_upheld')) = (closed_on IS NOT NULL) AND num_nulls(closed_on, closed_by) IN (0, 2)
        AND (closed_on IS NULL) = (due IS NOT NULL)),
    CONSTRAINT enforcement_finding_ordered CHECK (
        num_nulls(order_document, ordered_by) IN (0, 2) AND (state NOT IN ('ordered', 'rectified') OR ordered_by IS NOT NULL)),
    -- Whoever handed it over does not let it go, whoever gave the order does not accept that it was obeyed.
    CONSTRAINT enforcement_finding_four_eyes CHECK (
        (state <> 'not_upheld' OR closed_by <> handed_by) AND (state <> 'rectified' OR closed_by <> ordered_by)),
    CHECK (handed_on >= found_on)
);
CREATE INDEX enforcement_finding_of ON enforcement_finding (district, target);
CREATE INDEX enforcement_finding_campaign ON enforcement_finding (district, campaign, year, serial);
CREATE INDEX enforcement_finding_uscc ON enforcement_finding (district, uscc, year, serial);
CREATE INDEX enforcement_finding_parcel ON enforcement_finding (district, parcel);
CREATE INDEX enforcement_finding_department ON enforcement_finding (district, department, year, serial);
-- Few of them are not at their end.
CREATE INDEX enforcement_finding_unsettled ON enforcement_finding (district, department, year, serial) WHERE due IS NOT NULL;
CREATE INDEX enforcement_finding_due ON enforcement_finding (district, due) WHERE due IS NOT NULL;

CREATE TABLE enforcement_step (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    district county_code NOT NULL,
    finding uuid NOT NULL,
    step text NOT NULL,
    state text NOT NULL,
    words text NOT NULL,
    document text,
    fine_yuan numeric,
    -- When it was done; entered at `at`.
    done_on date NOT NULL,
    at timestamptz NOT NULL,
    account uuid,
    actor text NOT NULL,
    FOREIGN KEY (district, finding) REFERENCES enforcement_finding
);
CREATE INDEX enforcement_step_of ON enforcement_step (district, finding, id);

-- What a department proposes to the register of vetoes (二(一)4).
CREATE TABLE enforcement_veto (
    district county_code NOT NULL,
    id uuid NOT NULL,
    finding uuid NOT NULL,
    uscc text NOT NULL,
    subdistrict text NOT NULL,
    kind text NOT NULL,
    happened_on date NOT NULL,
    document text NOT NULL CHECK (btrim(document) <> ''),
    words text NOT NULL CHECK (btrim(words) <> ''),
    state text NOT NULL CHECK (state IN ('proposed', 'entered', 'refused')),
    proposed_at timestamptz NOT NULL,
    proposed_by uuid NOT NULL,
    proposed_by_name text NOT NULL,
    decided_at timestamptz,
    decided_by uuid,
    decided_by_name text,
    reason text,
    -- The entry of the register.
    veto uuid,
    version integer NOT NULL DEFAULT 1,
    PRIMARY KEY (district, id),
    FOREIGN KEY (district, finding) REFERENCES enforcement_finding,
    CONSTRAINT enforcement_veto_decided CHECK (
        (state = 'proposed') = (decided_by IS NULL) AND num_nulls(decided_at, decided_by, decided_by_name) IN (0, 3)
        AND (state = 'refused') = (reason IS NOT NULL) AND (state = 'entered') = (veto IS NOT NULL)),
    CONSTRAINT enforcement_veto_four_eyes CHECK (decided_by <> proposed_by)
);
-- The same finding bars once for the same kind, unless it was refused.
CREATE UNIQUE INDEX enforcement_veto_once ON enforcement_veto (district, finding, kind) WHERE state <> 'refused';
CREATE INDEX enforcement_veto_waiting ON enforcement_veto (district, subdistrict) WHERE state = 'proposed';
