-- Registers of the evaluation: kinds of veto that a district publishes, own coefficients, withdrawals with their reason, the way of a
-- changed grade, and the tables in which departments' lists are laid out. 二(一)4 of the governing text.
SET LOCAL lock_timeout = '5s';

ALTER TABLE policy_submission DROP CONSTRAINT policy_submission_kind;
ALTER TABLE policy_submission ADD CONSTRAINT policy_submission_kind
    CHECK (kind IN ('documents', 'standards', 'directory', 'schemes', 'veto_kinds'));

-- A row is here only while its submission is published, and a submission is published only by a second person. Nothing about
-- it is changed but an open end of its days.
CREATE TABLE policy_veto_kind (
    district county_code NOT NULL,
    code text NOT NULL CHECK (code ~ '^[a-z_]+$'),
    -- The days on which an event may happen to count.
    valid daterange NOT NULL CHECK (NOT isempty(valid) AND NOT lower_inf(valid)),
    content jsonb NOT NULL,
    submission uuid NOT NULL,
    submission_state text NOT NULL DEFAULT 'published' CHECK (submission_state = 'published'),
    PRIMARY KEY (district, code, valid),
    FOREIGN KEY (district, submission, submission_state) REFERENCES policy_submission (district, id, state)
        DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT policy_veto_kind_is_its_content CHECK (content ->> 'code' = code),
    CONSTRAINT policy_veto_kind_overlap EXCLUDE USING gist (district WITH =, code WITH =, valid WITH &&)
);

-- Who is left out for a while: withdrawn with a reason, never deleted.
ALTER TABLE evaluation_exemption
    ADD COLUMN withdrawn_reason text,
    ADD CONSTRAINT evaluation_exemption_withdrawn CHECK ((withdrawn_at IS NULL) = (withdrawn_by IS NULL)),
    ADD CONSTRAINT evaluation_exemption_reason
        CHECK (withdrawn_at IS NULL OR btrim(COALESCE(withdrawn_reason, '')) <> '');
CREATE UNIQUE INDEX evaluation_exemption_once ON evaluation_exemption (district, uscc, kind, valid, document)
    WHERE withdrawn_at IS NULL;
CREATE INDEX evaluation_exemption_newest ON evaluation_exemption (district, recorded_at DESC, id);

-- A claim is made under the scheme of one category. One without a category counts in every one.
ALTER TABLE evaluation_claim
    ADD COLUMN category text,
    ADD COLUMN withdrawn_reason text,
    ADD CONSTRAINT evaluation_claim_withdrawn CHECK ((withdrawn_at IS NULL) = (withdrawn_by IS NULL)),
    ADD CONSTRAINT evaluation_claim_reason CHECK (withdrawn_at IS NULL OR btrim(COALESCE(withdrawn_reason, '')) <> '');
CREATE UNIQUE INDEX evaluation_claim_once
    ON evaluation_claim (district, uscc, year, (COALESCE(category, '')), side, item, document)
    WHERE withdrawn_at IS NULL;
CREATE INDEX evaluation_claim_newest ON evaluation_claim (district, recorded_at DESC, id);

-- An enterprise's own correction coefficient in a category and year, instead of the scheme's.
CREATE TABLE evaluation_coefficient (
    district county_code NOT NULL REFERENCES district,
    id uuid NOT NULL,
    category text NOT NULL,
    year smallint NOT NULL CHECK (year BETWEEN 1990 AND 2100),
    uscc text NOT NULL,
    value numeric NOT NULL CHECK (value > 0 AND value <= 100 AND min_scale(value) <= 6),
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
CREATE UNIQUE INDEX evaluation_coefficient_once ON evaluation_coefficient (district, category, year, uscc)
    WHERE withdrawn_at IS NULL;
CREATE INDEX evaluation_coefficient_newest ON evaluation_coefficient (district, recorded_at DESC, id);

-- Why a change of grade was rejected, or did not stay.
ALTER TABLE evaluation_change
    ADD COLUMN decided_reason text,
    ADD COLUMN withdrawn_at timestamptz,
    ADD COLUMN withdrawn_by uuid,
    ADD COLUMN withdrawn_by_name text,
    ADD COLUMN withdrawn_reason text,
    ADD FOREIGN KEY (district, withdrawn_by) REFERENCES account,
    ADD CONSTRAINT evaluation_change_rejected
        CHECK (state <> 'rejected' OR btrim(COALESCE(decided_reason, '')) <> ''),
    ADD CONSTRAINT evaluation_change_withdrawn
        CHECK ((state = 'withdrawn') = (withdrawn_at IS NOT NULL) AND (withdrawn_at IS NULL) = (withdrawn_by IS NULL)),
    -- What a second person approved is taken back by somebody who did not propose it, and says why.
    ADD CONSTRAINT evaluation_change_taken_back CHECK (
        state <> 'withdrawn' OR decided_by IS NULL
        OR (withdrawn_by <> proposed_by AND btrim(COALESCE(withdrawn_reason, '')) <> ''));
CREATE INDEX evaluation_change_newest ON evaluation_change (district, proposed_at DESC, id);
-- What waits for a second person.
CREATE INDEX evaluation_change_waiting ON evaluation_change (district) WHERE state = 'proposed';

-- Rows of a department's list of vetoes, exemptions, claims or coefficients; each kind of list fills its own columns.
CREATE TABLE staging_evaluation (
    record bigint NOT NULL,
    line bigint NOT NULL,
    rejected boolean NOT NULL,
    unchanged boolean NOT NULL DEFAULT false,
    uscc text,
    category text,
    year smallint,
    kind text,
    side text,
    amount numeric,
    happened_on date,
    since date,
    until date,
    department text,
    document text,
    key text
);
COMMENT ON COLUMN staging_evaluation.kind IS 'of a veto or an exemption; the item of a claim';
COMMENT ON COLUMN staging_evaluation.amount IS 'how often of a claim; the value of a coefficient';
COMMENT ON COLUMN staging_evaluation.until IS 'the first day that no longer counts';
COMMENT ON COLUMN staging_evaluation.key IS 'by what two rows say the same; none of a row that was refused when it was read';
