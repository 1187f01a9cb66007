-- Notices under grant contracts. A job proposes them, once for each duty and due day; a person sends.

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
    version integer NOT NULL DEFAULT 1,
    prepared_at timestamptz NOT NULL,
    prepared_by text NOT NULL,
    sent_on date,
    sent_by text,
    sent_by_account uuid,
    event bigint,
    delivery_way text CHECK (delivery_way IN ('in_person', 'registered_mail', 'electronic', 'left_at_place', 'public_notice')),
    delivered_on date,
    delivered_to text,
    delivery_receipt text,
    withdrawn_reason text,
    PRIMARY KEY (district, id),
    FOREIGN KEY (district, contract) REFERENCES contract,
    FOREIGN KEY (district, event) REFERENCES contract_event (district, id),
    CONSTRAINT contract_notice_once UNIQUE (district, contract, duty, due, kind),
    CONSTRAINT contract_notice_number UNIQUE (district, year, serial),
    CHECK ((state IN ('sent', 'delivered')) = (sent_on IS NOT NULL)),
    CHECK ((sent_on IS NOT NULL) = (serial IS NOT NULL AND year IS NOT NULL AND sent_by IS NOT NULL AND delivery_way IS NOT NULL)),
    CHECK ((state = 'delivered') = (delivered_on IS NOT NULL AND delivered_to IS NOT NULL AND delivery_receipt IS NOT NULL)),
    CHECK (delivered_on IS NULL OR delivered_on >= sent_on),
    CHECK ((state = 'withdrawn') = (withdrawn_reason IS NOT NULL))
);
CREATE INDEX contract_notice_list ON contract_notice (district, state, due, id);
CREATE INDEX contract_notice_contract ON contract_notice (district, contract, due);

CREATE TABLE contract_notice_serial (
    district county_code NOT NULL REFERENCES district,
    year smallint NOT NULL,
    last integer NOT NULL,
    PRIMARY KEY (district, year)
);
