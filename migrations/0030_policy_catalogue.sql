-- Every distinct published state of the policy catalogue, and the receipts that name it.

-- The same for every district that reads the same rules; named by its content.
CREATE TABLE policy_catalogue (
    sha256 text PRIMARY KEY,
    content text NOT NULL,
    published_at timestamptz NOT NULL DEFAULT now(),
    CHECK (sha256 = encode(sha256(convert_to(content, 'UTF8')), 'hex'))
);

-- Which state a district works under: the newest number.
CREATE TABLE policy_edition (
    district county_code NOT NULL REFERENCES district,
    number integer NOT NULL CHECK (number > 0),
    catalogue text NOT NULL REFERENCES policy_catalogue,
    published_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (district, number)
);

-- A receipt is named by its content. The check below is the one its program makes: a row whose content no longer gives
-- its number cannot be stored, so changing a receipt in place is refused without a trigger.
CREATE TABLE receipt (
    district county_code NOT NULL REFERENCES district,
    id text NOT NULL,
    check_name text NOT NULL CHECK (check_name ~ '^[a-z][a-z0-9_.-]*$'),
    as_of date NOT NULL,
    program text NOT NULL CHECK (program ~ '^[0-9A-Za-z.+-]+$'),
    catalogue text NOT NULL REFERENCES policy_catalogue,
    inputs text NOT NULL,
    results text NOT NULL,
    verdict text NOT NULL CHECK (verdict IN ('conforms', 'does_not_conform', 'not_determinable')),
    recorded_at timestamptz NOT NULL,
    recorded_by uuid,
    recorded_by_name text NOT NULL,
    PRIMARY KEY (district, id),
    -- What a decision refers to: this receipt with this verdict.
    UNIQUE (district, id, verdict),
    CONSTRAINT receipt_number CHECK (id = encode(sha256(convert_to(
        '{"check":"' || check_name || '","as_of":"' || to_char(as_of, 'YYYY-MM-DD') || '","program":"' || program
        || '","catalogue":"' || catalogue || '","inputs":"' || encode(sha256(convert_to(inputs, 'UTF8')), 'hex')
        || '","results":"' || encode(sha256(convert_to(results, 'UTF8')), 'hex') || '"}', 'UTF8')), 'hex')),
    CONSTRAINT receipt_verdict CHECK (verdict = results::json ->> 'verdict')
);
CREATE INDEX receipt_recorded ON receipt (district, recorded_at);
