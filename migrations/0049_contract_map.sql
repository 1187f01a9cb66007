-- What the map colours parcels by from their contracts, worked out once for a day and a state of the contract register. A
-- cache: nothing else reads it as a fact, and a row that is gone is worked out again.
CREATE TABLE contract_map_edition (
    district county_code NOT NULL REFERENCES district,
    id bigint GENERATED ALWAYS AS IDENTITY,
    as_of date NOT NULL,
    revision bigint NOT NULL,
    rule text NOT NULL,
    PRIMARY KEY (district, id),
    UNIQUE (district, as_of, revision, rule)
);
COMMENT ON COLUMN contract_map_edition.revision IS 'the revision of the contracts it was worked out under';
COMMENT ON COLUMN contract_map_edition.rule IS 'digest of the rules of the day and of the program';

CREATE TABLE contract_map (
    district county_code NOT NULL,
    edition bigint NOT NULL,
    code text NOT NULL,
    stage text NOT NULL,
    days_late integer NOT NULL CHECK (days_late >= 0),
    idle text NOT NULL,
    PRIMARY KEY (district, edition, code),
    FOREIGN KEY (district, edition) REFERENCES contract_map_edition ON DELETE CASCADE
);
COMMENT ON TABLE contract_map IS 'of several contracts about one parcel, the one concluded last';
COMMENT ON COLUMN contract_map.days_late IS 'of the duty of a party that is latest; 0 when none is late';
