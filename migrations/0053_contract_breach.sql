-- Breach files (履约清理), 四(一)4. A penalty and a taking back are proposed by one person and decided by another.

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
CREATE INDEX contract_breach_contract ON contract_breach (district, contract);

CREATE TABLE contract_breach_step (
    district county_code NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    breach uuid NOT NULL,
    step text NOT NULL,
    state text NOT NULL,
    reason text NOT NULL CHECK (btrim(reason) <> ''),
    happened_on date NOT NULL,
    at timestamptz NOT NULL,
    account uuid,
    actor text NOT NULL,
    PRIMARY KEY (district, id),
    FOREIGN KEY (district, breach) REFERENCES contract_breach
);
CREATE INDEX contract_breach_step_of ON contract_breach_step (district, breach, id);
