-- Accounts of enterprises with power, water and gas: under which number whoever carries a measure out knows an enterprise.
SET LOCAL lock_timeout = '5s';

CREATE TABLE utility_account (
    district county_code NOT NULL REFERENCES district,
    id uuid NOT NULL,
    body text NOT NULL CHECK (body IN ('power', 'water', 'gas')),
    -- The number of the customer.
    customer text NOT NULL CONSTRAINT utility_account_customer CHECK (customer ~ '^[A-Za-z0-9][A-Za-z0-9-]{0,39}$'),
    uscc text NOT NULL,
    -- Percent of a meter that several share; none of one that is an enterprise's alone.
    share numeric CHECK (share > 0 AND share < 100 AND min_scale(share) <= 6),
    valid daterange NOT NULL CHECK (NOT isempty(valid) AND NOT lower_inf(valid)),
    document text NOT NULL CHECK (btrim(document) <> ''),
    recorded_at timestamptz NOT NULL,
    recorded_by text NOT NULL,
    withdrawn_at timestamptz,
    withdrawn_by text,
    withdrawn_reason text,
    PRIMARY KEY (district, id),
    CHECK (num_nulls(withdrawn_at, withdrawn_by, withdrawn_reason) IN (0, 3)),
    CHECK (withdrawn_reason IS NULL OR btrim(withdrawn_reason) <> ''),
    -- One enterprise has an account once.
    CONSTRAINT utility_account_once EXCLUDE USING gist (district WITH =, body WITH =, customer WITH =, uscc WITH =, valid WITH &&)
        WHERE (withdrawn_at IS NULL),
    -- An account of two is one that says so.
    CONSTRAINT utility_account_alone EXCLUDE USING gist (district WITH =, body WITH =, customer WITH =, valid WITH &&)
        WHERE (withdrawn_at IS NULL AND share IS NULL),
    CONSTRAINT utility_account_mixed EXCLUDE USING gist
        (district WITH =, body WITH =, customer WITH =, (num_nulls(share)) WITH <>, valid WITH &&) WHERE (withdrawn_at IS NULL)
);
CREATE INDEX utility_account_listed ON utility_account (district, customer, id);
CREATE INDEX utility_account_enterprise ON utility_account (district, uscc) WHERE withdrawn_at IS NULL;
