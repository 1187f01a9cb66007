-- Evaluation: runs with their frozen inputs and results, the registers of vetoes and of who is left out. 二(一) of the
-- governing text.

-- A computation sums up to no verdict on its subject.
ALTER TABLE receipt DROP CONSTRAINT receipt_verdict_check;
ALTER TABLE receipt ADD CONSTRAINT receipt_verdict_check
    CHECK (verdict IN ('conforms', 'does_not_conform', 'not_determinable', 'computed'));

-- Events that bar an enterprise from A and B (二(一)4). A veto acts in every calendar year that its validity touches.
CREATE TABLE evaluation_veto (
    district county_code NOT NULL REFERENCES district,
    id uuid NOT NULL,
    uscc text NOT NULL,
    kind text NOT NULL CHECK (kind ~ '^[a-z_]+$'),
    happened_on date NOT NULL,
    valid daterange NOT NULL CHECK (NOT isempty(valid) AND NOT lower_inf(valid)),
    department text NOT NULL,
    document text NOT NULL CHECK (btrim(document) <> ''),
    recorded_at timestamptz NOT NULL,
    recorded_by text NOT NULL,
    withdrawn_at timestamptz,
    withdrawn_by text,
    withdrawn_reason text,
    PRIMARY KEY (district, id),
    CHECK ((withdrawn_at IS NULL) = (withdrawn_by IS NULL)),
    CHECK (withdrawn_at IS NULL OR btrim(COALESCE(withdrawn_reason, '')) <> '')
);
CREATE UNIQUE INDEX evaluation_veto_once ON evaluation_veto (district, uscc, kind, happened_on, document)
    WHERE withdrawn_at IS NULL;
CREATE INDEX evaluation_veto_newest ON evaluation_veto (district, happened_on DESC, id);

-- Whoever is left out of the ranking for a while, with the document that says so.
CREATE TABLE evaluation_exemption (
    district county_code NOT NULL REFERENCES district,
    id uuid NOT NULL,
    uscc text NOT NULL,
    kind text NOT NULL CHECK (kind IN ('exempt', 'protection')),
    valid daterange NOT NULL CHECK (NOT isempty(valid) AND NOT lower_inf(valid)),
    document text NOT NULL CHECK (btrim(document) <> ''),
    recorded_at timestamptz NOT NULL,
    recorded_by text NOT NULL,
    withdrawn_at timestamptz,
    withdrawn_by text,
    PRIMARY KEY (district, id),
    -- Protection ends by itself.
    CHECK (kind <> 'protection' OR NOT upper_inf(valid))
);
CREATE INDEX evaluation_exemption_enterprise ON evaluation_exemption (district, uscc) WHERE withdrawn_at IS NULL;

-- Bonus and deduction of a year, by document.
CREATE TABLE evaluation_claim (
    district county_code NOT NULL REFERENCES district,
    id uuid NOT NULL,
    uscc text NOT NULL,
    year smallint NOT NULL CHECK (year BETWEEN 1990 AND 2100),
    side text NOT NULL CHECK (side IN ('bonus', 'deduction')),
    item text NOT NULL CHECK (item ~ '^[a-z0-9_]+$'),
    times numeric NOT NULL CHECK (times > 0 AND times <= 1000 AND min_scale(times) <= 6),
    document text NOT NULL CHECK (btrim(document) <> ''),
    recorded_at timestamptz NOT NULL,
    recorded_by text NOT NULL,
    withdrawn_at timestamptz,
    withdrawn_by text,
    PRIMARY KEY (district, id)
);
CREATE INDEX evaluation_claim_year ON evaluation_claim (district, year, uscc) WHERE withdrawn_at IS NULL;

-- A grade changed by document and second person (调档).
CREATE TABLE evaluation_change (
    district county_code NOT NULL REFERENCES district,
    id uuid NOT NULL,
    category text NOT NULL,
    year smallint NOT NULL CHECK (year BETWEEN 1990 AND 2100),
    uscc text NOT NULL,
    grade text NOT NULL,
    document text NOT NULL CHECK (btrim(document) <> ''),
    why text NOT NULL CHECK (btrim(why) <> ''),
    proposed_at timestamptz NOT NULL,
    proposed_by uuid NOT NULL,
    proposed_by_name text NOT NULL,
    state text NOT NULL CHECK (state IN ('proposed', 'approved', 'rejected', 'withdrawn')),
    decided_at timestamptz,
    decided_by uuid,
    decided_by_name text,
    version integer NOT NULL DEFAULT 1,
    PRIMARY KEY (district, id),
    FOREIGN KEY (district, proposed_by) REFERENCES account,
    FOREIGN KEY (district, decided_by) REFERENCES account,
    CONSTRAINT evaluation_change_four_eyes CHECK (
        state NOT IN ('approved', 'rejected') OR (decided_by IS NOT NULL AND decided_by <> proposed_by AND decided_at IS NOT NULL))
);
CREATE UNIQUE INDEX evaluation_change_one ON evaluation_change (district, category, year, uscc)
    WHERE state IN ('proposed', 'approved');

-- One computation, with everything it rests on frozen. What is official was proposed by one person and signed by another.
CREATE TABLE evaluation_run (
    district county_code NOT NULL REFERENCES district,
    id uuid NOT NULL,
    category text NOT NULL,
    year smallint NOT NULL CHECK (year BETWEEN 1990 AND 2100),
    scheme text NOT NULL,
    trial boolean NOT NULL,
    state text NOT NULL CHECK (state IN ('computed', 'proposed', 'official', 'superseded', 'withdrawn')),
    receipt text NOT NULL,
    -- Benchmarks, quotas and counts, as they are printed.
    head json NOT NULL,
    computed_at timestamptz NOT NULL,
    computed_by text NOT NULL,
    proposed_by uuid,
    proposed_by_name text,
    proposed_at timestamptz,
    decided_by uuid,
    decided_by_name text,
    decided_at timestamptz,
    document text,
    supersedes uuid,
    version integer NOT NULL DEFAULT 1,
    PRIMARY KEY (district, id),
    FOREIGN KEY (district, receipt) REFERENCES receipt,
    FOREIGN KEY (district, supersedes) REFERENCES evaluation_run,
    FOREIGN KEY (district, proposed_by) REFERENCES account,
    FOREIGN KEY (district, decided_by) REFERENCES account,
    CONSTRAINT evaluation_run_trial CHECK (NOT trial OR state IN ('computed', 'withdrawn')),
    CONSTRAINT evaluation_run_proposed CHECK (state IN ('computed', 'withdrawn') OR (proposed_by IS NOT NULL AND proposed_at IS NOT NULL)),
    CONSTRAINT evaluation_run_four_eyes CHECK (
        state NOT IN ('official', 'superseded')
        OR (decided_by IS NOT NULL AND decided_by <> proposed_by AND decided_at IS NOT NULL AND btrim(document) <> ''))
);
CREATE UNIQUE INDEX evaluation_run_official ON evaluation_run (district, category, year) WHERE state = 'official';
-- What waits for a second person.
CREATE INDEX evaluation_run_waiting ON evaluation_run (district) WHERE state = 'proposed';
CREATE INDEX evaluation_run_newest ON evaluation_run (district, computed_at DESC, id);

-- What a run took and what it made of each. Texts as they were hashed.
CREATE TABLE evaluation_result (
    district county_code NOT NULL,
    run uuid NOT NULL,
    key text NOT NULL,
    name text NOT NULL,
    subdistrict text,
    industry text,
    ranking_group text NOT NULL,
    rank integer,
    score numeric NOT NULL,
    first_grade text NOT NULL,
    automatic_grade text NOT NULL,
    grade text NOT NULL,
    vetoed boolean NOT NULL,
    input json NOT NULL,
    detail json NOT NULL,
    PRIMARY KEY (district, run, key),
    FOREIGN KEY (district, run) REFERENCES evaluation_run
);
CREATE INDEX evaluation_result_ranked ON evaluation_result (district, run, ranking_group, COALESCE(rank, 2147483647), key);
-- Places beside one, and the last of a grade.
CREATE INDEX evaluation_result_placed ON evaluation_result (district, run, ranking_group, rank, key);
CREATE INDEX evaluation_result_graded ON evaluation_result (district, run, grade, ranking_group, COALESCE(rank, 2147483647), key);
CREATE INDEX evaluation_result_lies ON evaluation_result (district, run, subdistrict, ranking_group, COALESCE(rank, 2147483647), key);
CREATE INDEX evaluation_result_name ON evaluation_result USING gin (name gin_trgm_ops);
CREATE INDEX evaluation_result_enterprise ON evaluation_result (district, key);

CREATE TABLE evaluation_left_out (
    district county_code NOT NULL,
    run uuid NOT NULL,
    key text NOT NULL,
    name text NOT NULL,
    subdistrict text,
    why text NOT NULL,
    detail json NOT NULL,
    PRIMARY KEY (district, run, key),
    FOREIGN KEY (district, run) REFERENCES evaluation_run
);
CREATE INDEX evaluation_left_out_why ON evaluation_left_out (district, run, why, key);
