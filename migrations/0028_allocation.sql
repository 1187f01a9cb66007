-- What is handed over to whoever carries measures out, what they report, how both agree, and the audit of it. 三, 五(二).
SET LOCAL lock_timeout = '5s';

-- The list of one body for one quarter, frozen as it was handed over.
CREATE TABLE allocation_list (
    district county_code NOT NULL REFERENCES district,
    id uuid NOT NULL,
    body text NOT NULL CHECK (body IN ('power', 'water', 'gas', 'sewage', 'banks', 'rating_agencies', 'tax', 'finance', 'land',
        'environment', 'economy')),
    year smallint NOT NULL CHECK (year BETWEEN 2019 AND 2100),
    quarter smallint NOT NULL CHECK (quarter BETWEEN 1 AND 4),
    -- The day whose measures it holds.
    drawn_on date NOT NULL,
    enterprises integer NOT NULL CHECK (enterprises >= 0),
    lines integer NOT NULL CHECK (lines >= enterprises),
    due_yuan numeric NOT NULL CHECK (due_yuan >= 0),
    document text NOT NULL CHECK (btrim(document) <> ''),
    recorded_at timestamptz NOT NULL,
    recorded_by text NOT NULL,
    acknowledged_on date,
    -- Whoever took it, as they signed.
    acknowledged_by text,
    acknowledged_at timestamptz,
    acknowledgement_recorded_by text,
    withdrawn_at timestamptz,
    withdrawn_by text,
    withdrawn_reason text,
    PRIMARY KEY (district, id),
    CONSTRAINT allocation_list_day CHECK (EXTRACT(year FROM drawn_on) = year AND EXTRACT(quarter FROM drawn_on) = quarter),
    CHECK (num_nulls(acknowledged_on, acknowledged_by, acknowledged_at, acknowledgement_recorded_by) IN (0, 4)),
    CHECK (acknowledged_by IS NULL OR btrim(acknowledged_by) <> ''),
    CHECK (num_nulls(withdrawn_at, withdrawn_by, withdrawn_reason) IN (0, 3)),
    CHECK (withdrawn_reason IS NULL OR btrim(withdrawn_reason) <> '')
);
CREATE UNIQUE INDEX allocation_list_once ON allocation_list (district, year, quarter, body) WHERE withdrawn_at IS NULL;
CREATE INDEX allocation_list_newest ON allocation_list (district, recorded_at DESC, id DESC);

CREATE TABLE allocation_line (
    district county_code NOT NULL,
    list uuid NOT NULL,
    uscc text NOT NULL,
    measure text NOT NULL,
    name text NOT NULL,
    subdistrict text,
    title text NOT NULL,
    article text NOT NULL,
    grade text NOT NULL,
    years smallint NOT NULL CHECK (years > 0),
    kind text NOT NULL CHECK (kind IN ('amount', 'support', 'bar')),
    outcome text NOT NULL CHECK (outcome IN ('due', 'allowed', 'barred', 'exempt', 'not_determinable')),
    -- What the rate is laid on, in its unit, as it was printed.
    base text,
    unit text,
    rate text,
    -- Yuan a unit, after relief.
    per_unit numeric,
    -- Yuan for the year.
    amount numeric CHECK (min_scale(amount) <= 2),
    why text NOT NULL,
    accounts text[] NOT NULL DEFAULT '{}',
    receipt text NOT NULL,
    PRIMARY KEY (district, list, uscc, measure),
    FOREIGN KEY (district, list) REFERENCES allocation_list,
    FOREIGN KEY (district, receipt) REFERENCES receipt,
    CONSTRAINT allocation_line_due CHECK (outcome = 'due' OR amount IS NULL)
);

-- What was done in a quarter.
CREATE TABLE allocation_report (
    district county_code NOT NULL REFERENCES district,
    id uuid NOT NULL,
    body text NOT NULL,
    year smallint NOT NULL,
    quarter smallint NOT NULL CHECK (quarter BETWEEN 1 AND 4),
    uscc text NOT NULL,
    measure text NOT NULL,
    done boolean NOT NULL,
    quantity numeric CHECK (quantity >= 0 AND quantity <= 1000000000000 AND min_scale(quantity) <= 6),
    -- Yuan.
    amount numeric CHECK (amount >= 0 AND amount <= 1000000000000 AND min_scale(amount) <= 2),
    account text,
    done_on date,
    note text NOT NULL DEFAULT '',
    document text NOT NULL CHECK (btrim(document) <> ''),
    recorded_at timestamptz NOT NULL,
    recorded_by text NOT NULL,
    withdrawn_at timestamptz,
    withdrawn_by text,
    withdrawn_reason text,
    PRIMARY KEY (district, id),
    CONSTRAINT allocation_report_day CHECK (EXTRACT(year FROM done_on) = year AND EXTRACT(quarter FROM done_on) = quarter),
    CONSTRAINT allocation_report_not_done CHECK (done OR (num_nonnulls(quantity, amount, account, done_on) = 0 AND btrim(note) <> '')),
    CHECK (num_nulls(withdrawn_at, withdrawn_by, withdrawn_reason) IN (0, 3)),
    CHECK (withdrawn_reason IS NULL OR btrim(withdrawn_reason) <> '')
);
CREATE UNIQUE INDEX allocation_report_once ON allocation_report (district, year, uscc, measure, quarter, COALESCE(account, ''))
    WHERE withdrawn_at IS NULL;
CREATE INDEX allocation_report_newest ON allocation_report (district, recorded_at DESC, id DESC);
CREATE INDEX allocation_report_enterprise ON allocation_report (district, uscc);

-- How the lists of a year and what was reported of it agree, up to a quarter.
CREATE TABLE allocation_reconciliation (
    district county_code NOT NULL REFERENCES district,
    id uuid NOT NULL,
    year smallint NOT NULL,
    quarter smallint NOT NULL CHECK (quarter BETWEEN 1 AND 4),
    lines integer NOT NULL,
    gaps integer NOT NULL CHECK (gaps BETWEEN 0 AND lines),
    totals jsonb NOT NULL,
    receipt text NOT NULL,
    computed_at timestamptz NOT NULL,
    computed_by text NOT NULL,
    PRIMARY KEY (district, id),
    FOREIGN KEY (district, receipt) REFERENCES receipt
);
CREATE INDEX allocation_reconciliation_newest ON allocation_reconciliation (district, computed_at DESC, id DESC);

CREATE TABLE allocation_reconciled (
    district county_code NOT NULL,
    reconciliation uuid NOT NULL,
    uscc text NOT NULL,
    measure text NOT NULL,
    body text NOT NULL,
    name text,
    subdistrict text,
    title text NOT NULL,
    grade text,
    due numeric,
    done numeric,
    finding text NOT NULL CHECK (finding IN ('without_ground', 'against', 'wrong_account', 'miscalculated', 'too_much', 'too_little',
        'not_done', 'not_reported', 'not_determinable', 'under_way', 'not_used', 'agrees')),
    gap numeric,
    turn text CHECK (turn IN ('executing', 'figures')),
    why text NOT NULL,
    -- Of the enterprise on the list; none of what no list names.
    receipt text,
    -- As it was hashed.
    input text NOT NULL,
    PRIMARY KEY (district, reconciliation, uscc, measure),
    CONSTRAINT allocation_reconciled_of FOREIGN KEY (district, reconciliation) REFERENCES allocation_reconciliation
        DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX allocation_reconciled_finding ON allocation_reconciled (district, reconciliation, finding, uscc, measure);

-- Which lines an auditor looks at: drawn from a seed that is kept.
CREATE TABLE allocation_audit (
    district county_code NOT NULL REFERENCES district,
    id uuid NOT NULL,
    year smallint NOT NULL,
    serial integer NOT NULL CHECK (serial > 0),
    reconciliation uuid NOT NULL,
    seed text NOT NULL CHECK (btrim(seed) <> ''),
    -- Of a hundred.
    percent numeric NOT NULL CHECK (percent > 0 AND percent <= 100),
    -- Only of this body.
    body text,
    -- Whether gaps alone were drawn from.
    only_gaps boolean NOT NULL,
    among integer NOT NULL CHECK (among > 0),
    drawn integer NOT NULL CHECK (drawn BETWEEN 1 AND among),
    drawn_at timestamptz NOT NULL,
    drawn_by text NOT NULL,
    PRIMARY KEY (district, id),
    CONSTRAINT allocation_audit_number UNIQUE (district, year, serial),
    FOREIGN KEY (district, reconciliation) REFERENCES allocation_reconciliation
);
CREATE INDEX allocation_audit_newest ON allocation_audit (district, drawn_at DESC, id DESC);
CREATE TABLE allocation_audit_serial (
    district county_code NOT NULL REFERENCES district,
    year smallint NOT NULL,
    last integer NOT NULL,
    PRIMARY KEY (district, year)
);
CREATE TABLE allocation_drawn (
    district county_code NOT NULL,
    audit uuid NOT NULL,
    uscc text NOT NULL,
    measure text NOT NULL,
    looked_at timestamptz,
    looked_by text,
    -- What the auditor found; empty where nothing was wrong.
    words text,
    PRIMARY KEY (district, audit, uscc, measure),
    FOREIGN KEY (district, audit) REFERENCES allocation_audit,
    CHECK (num_nulls(looked_at, looked_by, words) IN (0, 3))
);

-- What an auditor found, as a case to its end.
CREATE TABLE allocation_finding (
    district county_code NOT NULL REFERENCES district,
    id uuid NOT NULL,
    year smallint NOT NULL,
    serial integer NOT NULL CHECK (serial > 0),
    audit uuid NOT NULL,
    uscc text NOT NULL,
    measure text NOT NULL,
    body text NOT NULL,
    name text,
    subdistrict text,
    -- As the reconciliation said it.
    finding text NOT NULL,
    gap numeric,
    words text NOT NULL CHECK (btrim(words) <> ''),
    state text NOT NULL CHECK (state IN ('opened', 'answered', 'rectified', 'not_upheld')),
    -- Of the answer; none when it is closed.
    due date,
    answer text,
    answered_by uuid,
    -- Yuan that were paid, paid back or paid in.
    rectified_yuan numeric CHECK (rectified_yuan >= 0 AND min_scale(rectified_yuan) <= 2),
    closed_by uuid,
    version integer NOT NULL DEFAULT 1,
    opened_at timestamptz NOT NULL,
    opened_on date NOT NULL,
    opened_by uuid NOT NULL,
    opened_by_name text NOT NULL,
    PRIMARY KEY (district, id),
    CONSTRAINT allocation_finding_number UNIQUE (district, year, serial),
    CONSTRAINT allocation_finding_once UNIQUE (district, audit, uscc, measure),
    FOREIGN KEY (district, audit, uscc, measure) REFERENCES allocation_drawn,
    CONSTRAINT allocation_finding_closed CHECK ((due IS NULL) = (state IN ('rectified', 'not_upheld'))),
    CONSTRAINT allocation_finding_answered CHECK (state = 'opened' OR (answer IS NOT NULL AND answered_by IS NOT NULL)),
    -- Whoever answers does not close.
    CONSTRAINT allocation_finding_four_eyes CHECK (closed_by IS NULL OR closed_by <> answered_by)
);
CREATE INDEX allocation_finding_newest ON allocation_finding (district, year DESC, serial DESC);
CREATE INDEX allocation_finding_open ON allocation_finding (district, body, due) WHERE state IN ('opened', 'answered');
CREATE TABLE allocation_finding_serial (
    district county_code NOT NULL REFERENCES district,
    year smallint NOT NULL,
    last integer NOT NULL,
    PRIMARY KEY (district, year)
);
CREATE TABLE allocation_step (
    district county_code NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    finding uuid NOT NULL,
    step text NOT NULL,
    state text NOT NULL,
    words text NOT NULL,
    document text,
    at timestamptz NOT NULL,
    account uuid,
    actor text NOT NULL,
    PRIMARY KEY (district, id),
    FOREIGN KEY (district, finding) REFERENCES allocation_finding
);
CREATE INDEX allocation_step_of ON allocation_step (district, finding, id);

-- Accounts and reports come by file.
CREATE TABLE staging_allocation (
    record bigint NOT NULL,
    line bigint NOT NULL,
    rejected boolean NOT NULL,
    unchanged boolean NOT NULL DEFAULT false,
    uscc text,
    body text,
    -- The number of the customer.
    account text,
    share numeric,
    since date,
    until date,
    measure text,
    year smallint,
    quarter smallint,
    done boolean,
    quantity numeric,
    amount numeric,
    done_on date,
    note text,
    document text,
    key text
);
COMMENT ON COLUMN staging_allocation.until IS 'the first day that no longer counts';
COMMENT ON COLUMN staging_allocation.key IS 'by what two rows say the same; none of a row that was refused when it was read';
