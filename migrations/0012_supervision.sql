-- Supervision of grant contracts: notices and breach files.

-- Notices. A job proposes them, once for each duty and due day; a person sends. ---------------------------------------

CREATE TABLE contract_notice (
    district county_code NOT NULL,
    id uuid NOT NULL,
    contract text COLLATE "C" NOT NULL,
    kind text NOT NULL CHECK (kind IN ('payment', 'start', 'completion', 'breach', 'idle_investigation', 'decision')),
    duty text NOT NULL,
    due date NOT NULL,
    addressee text NOT NULL,
    state text NOT NULL CHECK (state IN ('prepared', 'sent', 'delivered', 'withdrawn')),
    -- Given when it is sent: 年份-序号.
    year smallint,
    serial integer CHECK (serial > 0),
    body text NOT NULL,
    template text NOT NULL,
    sent_body text,
    sent_template text,
    version integer NOT NULL DEFAULT 1,
    prepared_at timestamptz NOT NULL,
    prepared_by text NOT NULL,
    sent_on date,
    sent_at timestamptz,
    sent_by text,
    sent_by_account uuid,
    event bigint,
    delivery_way text CHECK (delivery_way IN ('in_person', 'registered_mail', 'electronic', 'left_at_place', 'public_notice')),
    delivered_on date,
    delivered_at timestamptz,
    delivered_to text,
    delivery_receipt text,
    withdrawn_reason text,
    withdrawn_at timestamptz,
    PRIMARY KEY (district, id),
    FOREIGN KEY (district, contract) REFERENCES contract,
    FOREIGN KEY (district, event) REFERENCES contract_event (district, id),
    CONSTRAINT contract_notice_once UNIQUE (district, contract, duty, due, kind),
    CONSTRAINT contract_notice_number UNIQUE (district, year, serial),
    CHECK ((state IN ('sent', 'delivered')) = (sent_on IS NOT NULL)),
    CHECK ((sent_on IS NOT NULL) = (serial IS NOT NULL AND year IS NOT NULL AND sent_by IS NOT NULL AND delivery_way IS NOT NULL)),
    CHECK ((state = 'delivered') = (delivered_on IS NOT NULL AND delivered_to IS NOT NULL AND delivery_receipt IS NOT NULL)),
    CHECK (delivered_on IS NULL OR delivered_on >= sent_on),
    CHECK ((state = 'withdrawn') = (withdrawn_reason IS NOT NULL)),
    CONSTRAINT contract_notice_moments CHECK ((sent_at IS NOT NULL) = (sent_on IS NOT NULL)
        AND (delivered_at IS NOT NULL) = (state = 'delivered') AND (withdrawn_at IS NOT NULL) = (state = 'withdrawn')),
    CONSTRAINT contract_notice_sent_text CHECK ((sent_body IS NULL) = (sent_template IS NULL)
        AND (sent_body IS NULL OR sent_on IS NOT NULL))
);
COMMENT ON COLUMN contract_notice.body IS 'as it was prepared';
COMMENT ON COLUMN contract_notice.sent_body IS 'as it went out, worked out on the day of sending; a notice from before this was sent as prepared';
COMMENT ON COLUMN contract_notice.sent_at IS 'when it was recorded; the day it went out is sent_on';
COMMENT ON COLUMN contract_notice.delivered_at IS 'when it was recorded; the day it arrived is delivered_on';
CREATE INDEX contract_notice_list ON contract_notice (district, state, due, id);
CREATE INDEX contract_notice_due ON contract_notice (district, due, id);
CREATE INDEX contract_notice_contract ON contract_notice (district, contract, due);

-- A list of a past day shows each notice by the moments at which its changes were recorded.
CREATE FUNCTION contract_notice_state_at(notice contract_notice, moment timestamptz) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN notice.sent_at > moment OR notice.withdrawn_at > moment THEN 'prepared'
                WHEN notice.delivered_at > moment THEN 'sent' ELSE notice.state END
$$;
COMMENT ON FUNCTION contract_notice_state_at IS 'as it stood at a moment, as it stands when there is none';

CREATE TABLE contract_notice_serial (
    district county_code NOT NULL REFERENCES district,
    year smallint NOT NULL,
    last integer NOT NULL,
    PRIMARY KEY (district, year)
);

-- The days on which notices were prepared by the server itself: once a day, whoever runs it and however often it starts.
CREATE TABLE contract_notice_run (
    district county_code NOT NULL REFERENCES district,
    day date NOT NULL,
    started_at timestamptz NOT NULL,
    finished_at timestamptz,
    prepared bigint CHECK (prepared >= 0),
    PRIMARY KEY (district, day),
    CHECK ((finished_at IS NULL) = (prepared IS NULL))
);
COMMENT ON COLUMN contract_notice_run.day IS 'in China';
COMMENT ON COLUMN contract_notice_run.finished_at IS 'none while it goes on, or when its server died: after an hour another takes it over';

-- Breach files (履约清理), 四(一)4. A penalty and a taking back are proposed by one person and decided by another. -----------

CREATE TABLE contract_breach (
    district county_code NOT NULL,
    id uuid NOT NULL,
    contract text COLLATE "C" NOT NULL,
    duty text NOT NULL,
    due date NOT NULL,
    state text NOT NULL CHECK (state IN ('opened', 'noticed', 'answered', 'rectifying', 'proposed', 'decided', 'healed',
        'penalty_paid', 'taken_back', 'dropped')),
    remedy text CHECK (remedy IN ('penalty', 'taking_back')),
    amount_yuan numeric CHECK (amount_yuan > 0),
    arithmetic text,
    notice uuid,
    rectify_until date,
    proposed_by uuid,
    proposed_by_name text,
    decided_by uuid,
    decided_by_name text,
    event bigint,
    version integer NOT NULL DEFAULT 1,
    opened_at timestamptz NOT NULL,
    opened_by text NOT NULL,
    closed_at timestamptz,
    PRIMARY KEY (district, id),
    FOREIGN KEY (district, contract) REFERENCES contract,
    FOREIGN KEY (district, notice) REFERENCES contract_notice (district, id),
    FOREIGN KEY (district, event) REFERENCES contract_event (district, id),
    CONSTRAINT contract_breach_once UNIQUE (district, contract, duty, due),
    CONSTRAINT contract_breach_four_eyes CHECK (decided_by IS NULL OR (proposed_by IS NOT NULL AND decided_by <> proposed_by)),
    CONSTRAINT contract_breach_decided CHECK (state NOT IN ('decided', 'penalty_paid', 'taken_back') OR decided_by IS NOT NULL),
    CHECK (state NOT IN ('proposed', 'decided', 'penalty_paid', 'taken_back') OR remedy IS NOT NULL),
    CHECK (remedy IS DISTINCT FROM 'penalty' OR amount_yuan IS NOT NULL),
    CHECK (state <> 'penalty_paid' OR (remedy = 'penalty' AND event IS NOT NULL)),
    CHECK (state <> 'taken_back' OR (remedy = 'taking_back' AND event IS NOT NULL)),
    CHECK (state <> 'rectifying' OR rectify_until IS NOT NULL),
    CHECK ((closed_at IS NOT NULL) = (state IN ('healed', 'penalty_paid', 'taken_back', 'dropped')))
);
CREATE INDEX contract_breach_list ON contract_breach (district, state, due, id);
CREATE INDEX contract_breach_due ON contract_breach (district, due, id);
CREATE INDEX contract_breach_open ON contract_breach (district, due, id) WHERE closed_at IS NULL;
CREATE INDEX contract_breach_contract ON contract_breach (district, contract);

-- Each step keeps what it left in the file, so that the file can be told as it stood on a past day.
CREATE TABLE contract_breach_step (
    district county_code NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    breach uuid NOT NULL,
    step text NOT NULL,
    state text NOT NULL,
    reason text NOT NULL CHECK (btrim(reason) <> ''),
    remedy text CHECK (remedy IN ('penalty', 'taking_back')),
    amount_yuan numeric CHECK (amount_yuan > 0),
    arithmetic text,
    notice uuid,
    rectify_until date,
    proposed_by uuid,
    proposed_by_name text,
    decided_by_name text,
    happened_on date NOT NULL,
    at timestamptz NOT NULL,
    account uuid,
    actor text NOT NULL,
    PRIMARY KEY (district, id),
    FOREIGN KEY (district, breach) REFERENCES contract_breach
);
COMMENT ON COLUMN contract_breach_step.remedy IS 'as the step left it in the file, like the columns after it';
CREATE INDEX contract_breach_step_of ON contract_breach_step (district, breach, id);

-- Breach files as they stood at a moment; as they stand when there is none. The last step by then is looked up for each file
-- that is asked for: found for all of them first, a list would read every step.
CREATE FUNCTION contract_breach_at(county text, moment timestamptz)
RETURNS TABLE (district text, id uuid, contract text, duty text, due date, state text, remedy text, amount_yuan numeric,
    arithmetic text, notice uuid, rectify_until date, proposed_by uuid, proposed_by_name text, decided_by_name text,
    version integer, opened_at timestamptz, opened_by text, is_open boolean)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT b.district::text, b.id, b.contract, b.duty, b.due,
           CASE WHEN moment IS NULL THEN b.state ELSE s.state END,
           CASE WHEN moment IS NULL THEN b.remedy ELSE s.remedy END,
           CASE WHEN moment IS NULL THEN b.amount_yuan ELSE s.amount_yuan END,
           CASE WHEN moment IS NULL THEN b.arithmetic ELSE s.arithmetic END,
           CASE WHEN moment IS NULL THEN b.notice ELSE s.notice END,
           CASE WHEN moment IS NULL THEN b.rectify_until ELSE s.rectify_until END,
           CASE WHEN moment IS NULL THEN b.proposed_by ELSE s.proposed_by END,
           CASE WHEN moment IS NULL THEN b.proposed_by_name ELSE s.proposed_by_name END,
           CASE WHEN moment IS NULL THEN b.decided_by_name ELSE s.decided_by_name END,
           CASE WHEN moment IS NULL THEN b.version ELSE s.taken::integer END,
           b.opened_at, b.opened_by, b.closed_at IS NULL OR coalesce(b.closed_at > moment, false)
    FROM contract_breach b
    LEFT JOIN LATERAL (SELECT step.*, (SELECT count(*) FROM contract_breach_step earlier
                   WHERE earlier.district = county AND earlier.breach = b.id AND earlier.at <= moment) AS taken
               FROM contract_breach_step step
               WHERE step.district = county AND step.breach = b.id AND step.at <= moment ORDER BY step.id DESC LIMIT 1) s
        ON moment IS NOT NULL
    WHERE b.district = county AND (moment IS NULL OR (b.opened_at <= moment AND s.state IS NOT NULL))
$$;
COMMENT ON FUNCTION contract_breach_at IS 'its version is the number of its steps, the opening among them';
