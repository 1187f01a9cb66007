-- Remediation (整治), 四(一)4: one file an enterprise or parcel, from survey to striking-off and the look back.
SET LOCAL lock_timeout = '5s';

CREATE TABLE remediation_batch (
    district county_code NOT NULL REFERENCES district,
    id uuid NOT NULL,
    name text NOT NULL CHECK (btrim(name) <> ''),
    ground text NOT NULL,
    year smallint NOT NULL CHECK (year BETWEEN 1990 AND 2100),
    run uuid,
    asked integer NOT NULL CHECK (asked >= 0),
    opened integer NOT NULL CHECK (opened BETWEEN 0 AND asked),
    opened_at timestamptz NOT NULL,
    opened_by text NOT NULL,
    PRIMARY KEY (district, id),
    FOREIGN KEY (district, run) REFERENCES evaluation_run,
    CONSTRAINT remediation_batch_list CHECK (ground IN ('below_line', 'grade_d') AND (ground = 'grade_d') = (run IS NOT NULL))
);
CREATE INDEX remediation_batch_newest ON remediation_batch (district, opened_at DESC, id);

CREATE TABLE remediation_serial (
    district county_code NOT NULL REFERENCES district,
    year smallint NOT NULL,
    last integer NOT NULL,
    PRIMARY KEY (district, year)
);

CREATE TABLE remediation_file (
    district county_code NOT NULL REFERENCES district,
    id uuid NOT NULL,
    year smallint NOT NULL,
    serial integer NOT NULL CHECK (serial > 0),
    subject_kind text NOT NULL CHECK (subject_kind IN ('enterprise', 'parcel')),
    subject text NOT NULL CHECK (btrim(subject) <> ''),
    name text NOT NULL,
    subdistrict text,
    batch uuid,
    -- The file that was struck off before it.
    relapse_of uuid,
    state text NOT NULL CHECK (state IN ('surveyed', 'verified', 'planned', 'noticed', 'heard', 'carrying_out', 'suspended',
        'acceptance_asked', 'accepted', 'struck_off', 'looked_back', 'dropped')),
    -- Of the step that is to come; none when it is closed.
    due date,
    way text CHECK (way IN ('upgrade', 'close', 'take_back', 'move', 'merge')),
    -- 元/亩.
    target numeric CHECK (target > 0),
    target_year smallint CHECK (target_year BETWEEN 1990 AND 2100),
    measures text,
    contract text COLLATE "C",
    new_parcel text,
    plan_due date,
    plan_subdistrict text,
    lead text,
    departments text[] NOT NULL DEFAULT '{}',
    planned_on date,
    planned_by uuid,
    planned_by_name text,
    noticed_on date,
    notice_document text,
    suspended_on date,
    escalated_on date,
    escalated_to text,
    -- Each time it is asked is another round.
    round integer NOT NULL DEFAULT 0 CHECK (round >= 0),
    sampled text CHECK (sampled IN ('drawn', 'not_drawn')),
    proof_year smallint,
    proof_receipt text,
    proof_verdict text GENERATED ALWAYS AS (CASE WHEN proof_receipt IS NOT NULL THEN 'conforms' END) STORED,
    accepted_on date,
    struck_off_on date,
    struck_off_by uuid,
    struck_off_by_name text,
    strike_document text,
    mu_freed numeric CHECK (mu_freed >= 0),
    looked_back_on date,
    version integer NOT NULL DEFAULT 1,
    opened_at timestamptz NOT NULL,
    opened_on date NOT NULL,
    opened_by uuid,
    opened_by_name text NOT NULL,
    PRIMARY KEY (district, id),
    FOREIGN KEY (district, batch) REFERENCES remediation_batch,
    FOREIGN KEY (district, relapse_of) REFERENCES remediation_file,
    FOREIGN KEY (district, proof_receipt, proof_verdict) REFERENCES receipt (district, id, verdict),
    CONSTRAINT remediation_file_number UNIQUE (district, year, serial),
    CONSTRAINT remediation_file_closed CHECK ((due IS NULL) = (state IN ('looked_back', 'dropped'))),
    CONSTRAINT remediation_file_planned CHECK (state IN ('surveyed', 'verified', 'dropped')
        OR (way IS NOT NULL AND planned_by IS NOT NULL AND planned_on IS NOT NULL AND plan_due IS NOT NULL AND lead IS NOT NULL)),
    CONSTRAINT remediation_file_target CHECK (way IS DISTINCT FROM 'upgrade' OR (target IS NOT NULL AND target_year IS NOT NULL)),
    CONSTRAINT remediation_file_suspended CHECK ((state = 'suspended') = (suspended_on IS NOT NULL)),
    -- An upgrade is proven by a full year after the plan's: the receipt says that the figure reached the line.
    CONSTRAINT remediation_file_proven CHECK (way IS DISTINCT FROM 'upgrade' OR state NOT IN ('accepted', 'struck_off', 'looked_back')
        OR (proof_receipt IS NOT NULL AND proof_year > EXTRACT(year FROM planned_on) AND proof_year < EXTRACT(year FROM accepted_on))),
    CONSTRAINT remediation_file_accepted CHECK (state NOT IN ('accepted', 'struck_off', 'looked_back') OR accepted_on IS NOT NULL),
    CONSTRAINT remediation_file_struck CHECK (state NOT IN ('struck_off', 'looked_back')
        OR (struck_off_on IS NOT NULL AND struck_off_by IS NOT NULL AND strike_document IS NOT NULL)),
    CONSTRAINT remediation_file_four_eyes CHECK (struck_off_by IS NULL OR struck_off_by <> planned_by)
);
COMMENT ON TABLE remediation_file IS '一企一档, 四(一)4';
-- One file at a time.
CREATE UNIQUE INDEX remediation_file_open ON remediation_file (district, subject_kind, subject)
    WHERE state NOT IN ('struck_off', 'looked_back', 'dropped');
CREATE INDEX remediation_file_subject ON remediation_file (district, subject, opened_at DESC);
CREATE INDEX remediation_file_newest ON remediation_file (district, year DESC, serial DESC);
CREATE INDEX remediation_file_state ON remediation_file (district, state, year DESC, serial DESC);
CREATE INDEX remediation_file_way ON remediation_file (district, way, year DESC, serial DESC);
CREATE INDEX remediation_file_lies ON remediation_file (district, subdistrict, year DESC, serial DESC);
CREATE INDEX remediation_file_due ON remediation_file (district, due) WHERE state NOT IN ('suspended', 'looked_back', 'dropped');
CREATE INDEX remediation_file_batch ON remediation_file (district, batch, state) WHERE batch IS NOT NULL;
CREATE INDEX remediation_file_contract ON remediation_file (district, contract) WHERE contract IS NOT NULL;
CREATE INDEX remediation_file_relapse ON remediation_file (district, relapse_of) WHERE relapse_of IS NOT NULL;

-- What it was entered for, frozen with its receipt.
CREATE TABLE remediation_ground (
    district county_code NOT NULL,
    file uuid NOT NULL,
    serial smallint NOT NULL CHECK (serial > 0),
    ground text NOT NULL CHECK (ground IN ('below_line', 'grade_d', 'idle_land', 'low_efficiency_land', 'backward_capacity',
        'overcapacity', 'breach', 'output_review_failed', 'four_nos', 'joint_enforcement')),
    -- The year whose figures or run it rests on.
    year smallint CHECK (year BETWEEN 1990 AND 2100),
    words text NOT NULL CHECK (btrim(words) <> ''),
    document text,
    receipt text NOT NULL,
    recorded_at timestamptz NOT NULL,
    recorded_by text NOT NULL,
    PRIMARY KEY (district, file, serial),
    FOREIGN KEY (district, file) REFERENCES remediation_file,
    FOREIGN KEY (district, receipt) REFERENCES receipt,
    CONSTRAINT remediation_ground_once UNIQUE NULLS NOT DISTINCT (district, file, ground, year, document),
    CONSTRAINT remediation_ground_year CHECK (ground NOT IN ('below_line', 'grade_d') OR year IS NOT NULL)
);
CREATE INDEX remediation_ground_kind ON remediation_ground (district, ground, file);

CREATE TABLE remediation_step (
    district county_code NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    file uuid NOT NULL,
    step text NOT NULL,
    state text NOT NULL,
    happened_on date NOT NULL,
    reason text NOT NULL DEFAULT '',
    document text,
    detail jsonb NOT NULL DEFAULT '{}',
    at timestamptz NOT NULL,
    account uuid,
    actor text NOT NULL,
    PRIMARY KEY (district, id),
    FOREIGN KEY (district, file) REFERENCES remediation_file
);
CREATE INDEX remediation_step_of ON remediation_step (district, file, id);

-- What departments do; milestones of the plan are tasks of the lead department.
CREATE TABLE remediation_task (
    district county_code NOT NULL,
    id uuid NOT NULL,
    file uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('milestone', 'finding', 'order', 'fine', 'recheck')),
    department text NOT NULL,
    what text NOT NULL CHECK (btrim(what) <> ''),
    due date NOT NULL,
    set_at timestamptz NOT NULL,
    set_by text NOT NULL,
    done_on date,
    done_at timestamptz,
    done_by uuid,
    done_by_name text,
    result text,
    document text,
    amount_yuan numeric CHECK (amount_yuan > 0 AND amount_yuan <= 1000000000000),
    dropped_at timestamptz,
    PRIMARY KEY (district, id),
    UNIQUE (district, file, id),
    FOREIGN KEY (district, file) REFERENCES remediation_file,
    CHECK (num_nulls(done_on, done_at, done_by, done_by_name, result) IN (0, 5)),
    CONSTRAINT remediation_task_fine CHECK (done_on IS NULL OR kind <> 'fine' OR (amount_yuan IS NOT NULL AND document IS NOT NULL)),
    CONSTRAINT remediation_task_order CHECK (done_on IS NULL OR kind <> 'order' OR document IS NOT NULL),
    CHECK (dropped_at IS NULL OR done_on IS NULL)
);
CREATE INDEX remediation_task_of ON remediation_task (district, file, due, id);
CREATE INDEX remediation_task_waiting ON remediation_task (district, department, due) WHERE done_on IS NULL AND dropped_at IS NULL;

CREATE TABLE remediation_evidence (
    district county_code NOT NULL,
    id uuid NOT NULL,
    file uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('dismantled', 'power_ended', 'water_ended', 'licence', 'photo_before', 'photo_during',
        'photo_after', 'agreement', 'registration', 'park_contract', 'register_change', 'site_acceptance', 'hearing', 'other')),
    task uuid,
    taken_on date NOT NULL,
    words text NOT NULL DEFAULT '',
    name text NOT NULL CHECK (btrim(name) <> ''),
    media_type text NOT NULL CHECK (media_type IN ('application/pdf', 'image/jpeg', 'image/png', 'image/webp')),
    bytes bigint NOT NULL CHECK (bytes > 0),
    sha256 bytea NOT NULL CHECK (length(sha256) = 32),
    recorded_at timestamptz NOT NULL,
    recorded_by text NOT NULL,
    department text,
    PRIMARY KEY (district, id),
    UNIQUE (district, file, id),
    FOREIGN KEY (district, file) REFERENCES remediation_file,
    -- A paper of a task is one of the same file.
    CONSTRAINT remediation_evidence_task FOREIGN KEY (district, file, task) REFERENCES remediation_task (district, file, id),
    -- What proves one case proves no other.
    CONSTRAINT remediation_evidence_once UNIQUE (district, sha256)
);
CREATE INDEX remediation_evidence_of ON remediation_evidence (district, file, kind);

-- Joint acceptance: each department says its own. Whoever planned does not accept.
CREATE TABLE remediation_agreement (
    district county_code NOT NULL,
    file uuid NOT NULL,
    round integer NOT NULL,
    department text NOT NULL,
    account uuid NOT NULL,
    planned_by uuid NOT NULL,
    name text NOT NULL,
    opinion text NOT NULL CHECK (btrim(opinion) <> ''),
    at timestamptz NOT NULL,
    PRIMARY KEY (district, file, round, department),
    CONSTRAINT remediation_agreement_person UNIQUE (district, file, round, account),
    FOREIGN KEY (district, file) REFERENCES remediation_file,
    CONSTRAINT remediation_agreement_four_eyes CHECK (account <> planned_by)
);

-- Which of those that ask for acceptance are looked at on the spot beside all closures: drawn from a seed that is kept.
CREATE TABLE remediation_sample (
    district county_code NOT NULL REFERENCES district,
    id uuid NOT NULL,
    seed text NOT NULL CHECK (btrim(seed) <> ''),
    -- Of a hundred.
    percent numeric NOT NULL CHECK (percent > 0 AND percent <= 100),
    -- Numbers of the files among which was drawn, in their order, and those drawn.
    among text[] NOT NULL CHECK (cardinality(among) > 0),
    drawn text[] NOT NULL CHECK (cardinality(drawn) BETWEEN 1 AND cardinality(among) AND drawn <@ among),
    drawn_on date NOT NULL,
    drawn_at timestamptz NOT NULL,
    drawn_by text NOT NULL,
    PRIMARY KEY (district, id)
);
CREATE INDEX remediation_sample_newest ON remediation_sample (district, drawn_at DESC, id);
