-- One parcel is granted once at a time. What a live grant holds is kept beside the contracts, with everything that came of its
-- parcels or that they came of, so that the table itself refuses a second live grant, also when two are entered at once. A
-- named person may record why a grant stands beside another: staged, part of the parcel.

CREATE INDEX contract_terms_case ON contract_terms (district, admission_case) WHERE superseded_at IS NULL AND admission_case IS NOT NULL;

-- A parcel, everything it came of and everything that came of it.
CREATE FUNCTION parcel_kin(of_district text, of_code text) RETURNS TABLE (code text, relation text) LANGUAGE sql STABLE AS $$
    WITH RECURSIVE older AS (
        SELECT of_code AS code
        UNION
        SELECT l.predecessor FROM older o JOIN parcel_lineage l ON l.district = of_district AND l.successor = o.code),
    younger AS (
        SELECT of_code AS code
        UNION
        SELECT l.successor FROM younger y JOIN parcel_lineage l ON l.district = of_district AND l.predecessor = y.code)
    SELECT of_code, 'self'
    UNION ALL SELECT o.code, 'older' FROM older o WHERE o.code <> of_code
    UNION ALL SELECT y.code, 'younger' FROM younger y WHERE y.code <> of_code AND y.code NOT IN (SELECT code FROM older)
$$;

-- Why a grant, or an admission, stands beside what stands against its land.
CREATE TABLE contract_beside (
    district county_code NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    contract text COLLATE "C" NOT NULL,
    against text[] NOT NULL,
    ground text NOT NULL CHECK (btrim(ground) <> ''),
    recorded_by text NOT NULL CHECK (btrim(recorded_by) <> ''),
    recorded_on date NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (district, id),
    UNIQUE (district, contract, id),
    FOREIGN KEY (district, contract) REFERENCES contract
);
COMMENT ON COLUMN contract_beside.against IS 'contract:NUMBER or case:ID of what stood against the land that day';

CREATE TABLE admission_beside (
    district county_code NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    case_id uuid NOT NULL,
    against text[] NOT NULL CHECK (cardinality(against) > 0),
    ground text NOT NULL CHECK (btrim(ground) <> ''),
    by_account uuid NOT NULL,
    recorded_by text NOT NULL CHECK (btrim(recorded_by) <> ''),
    recorded_on date NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (district, id),
    FOREIGN KEY (district, case_id) REFERENCES admission_case
);
CREATE INDEX admission_beside_case ON admission_beside (district, case_id);

ALTER TABLE admission_offer
    ADD COLUMN beside_ground text CHECK (btrim(beside_ground) <> ''),
    ADD COLUMN beside_by text,
    ADD COLUMN beside_on date,
    ADD CONSTRAINT admission_offer_beside CHECK (
        (beside_ground IS NULL) = (beside_by IS NULL) AND (beside_ground IS NULL) = (beside_on IS NULL));
COMMENT ON COLUMN admission_offer.beside_ground IS 'why the parcel is offered although something stands against it';

-- What each contract says it holds: its parcels and their kin, from the day a parcel was granted until the contract ends, its
-- term is over, or a supplement leaves the parcel out. Of a parcel that others came of as well it holds a share.
CREATE VIEW contract_claim AS
SELECT DISTINCT held.district, held.contract, kin.code AS parcel_code, kin.relation,
    CASE kin.relation WHEN 'older'
        THEN int8range(hashtextextended(held.code, 0) >> 1, hashtextextended(held.code, 0) >> 1, '[]')
        ELSE int8range(NULL, NULL) END AS share,
    daterange(held.since, held.until) AS held
FROM (
    SELECT granted.district, granted.contract, granted.code, granted.since,
        least(
            (SELECT min(later.effective_on) FROM contract_terms later
             WHERE later.district = granted.district AND later.contract = granted.contract AND later.superseded_at IS NULL
               AND later.effective_on > granted.last),
            (SELECT min(e.happened_on) FROM contract_event e
             WHERE e.district = granted.district AND e.contract = granted.contract AND e.superseded_at IS NULL
               AND e.kind IN ('rescinded', 'terminated', 'taken_back')),
            (SELECT (coalesce(t.term_from,
                        (SELECT min(e.happened_on) FROM contract_event e
                         WHERE e.district = t.district AND e.contract = t.contract AND e.superseded_at IS NULL AND e.kind = 'handed_over'))
                     + make_interval(years => t.term_years))::date
             FROM contract_terms t
             WHERE t.district = granted.district AND t.contract = granted.contract AND t.superseded_at IS NULL
             ORDER BY t.effective_on DESC, t.id DESC LIMIT 1)) AS until
    FROM (
        SELECT t.district, t.contract, code, min(t.effective_on) AS since, max(t.effective_on) AS last
        FROM contract_terms t, unnest(t.parcels) AS code WHERE t.superseded_at IS NULL
        GROUP BY t.district, t.contract, code) AS granted
    ) AS held, LATERAL parcel_kin(held.district, held.code) AS kin
WHERE held.until IS NULL OR held.until > held.since;

CREATE TABLE contract_land (
    district county_code NOT NULL,
    contract text COLLATE "C" NOT NULL,
    parcel_code text NOT NULL,
    relation text NOT NULL CHECK (relation IN ('self', 'older', 'younger')),
    share int8range NOT NULL,
    held daterange NOT NULL CHECK (NOT isempty(held)),
    beside bigint,
    bars daterange CHECK (NOT isempty(bars)),
    FOREIGN KEY (district, contract) REFERENCES contract,
    FOREIGN KEY (district, contract, beside) REFERENCES contract_beside (district, contract, id),
    CONSTRAINT contract_land_ground CHECK (beside IS NOT NULL OR bars IS NOT DISTINCT FROM held),
    CONSTRAINT contract_land_once EXCLUDE USING gist
        (hashtextextended(parcel_code, 0) WITH =, bars WITH &&, share WITH &&, district WITH =, contract WITH <>)
);
COMMENT ON TABLE contract_land IS 'rows of contract_claim as they were when the contract last changed';
COMMENT ON COLUMN contract_land.bars IS
    'when it keeps other grants out: while it is held, but for one that stands beside another after that one is over';
CREATE INDEX contract_land_parcel ON contract_land (district, parcel_code);
CREATE INDEX contract_land_contract ON contract_land (district, contract);
CREATE INDEX contract_land_beside ON contract_land (district, contract) WHERE beside IS NOT NULL;

-- Contracts on record. Of two that hold the same land at the same time the later one stands beside the earlier, as it did.
DO $$
DECLARE
    one record;
    ground bigint;
BEGIN
    FOR one IN
        SELECT c.district, c.number, min(t.recorded_at) AS recorded_at, (array_agg(t.recorded_by ORDER BY t.id))[1] AS recorded_by
        FROM contract c JOIN contract_terms t ON t.district = c.district AND t.contract = c.number AND t.superseded_at IS NULL
        GROUP BY c.district, c.number ORDER BY min(t.effective_on), c.number
    LOOP
        BEGIN
            INSERT INTO contract_land (district, contract, parcel_code, relation, share, held, bars)
            SELECT district, contract, parcel_code, relation, share, held, held FROM contract_claim
            WHERE district = one.district AND contract = one.number;
        EXCEPTION WHEN exclusion_violation THEN
            INSERT INTO contract_beside (district, contract, against, ground, recorded_by, recorded_on, recorded_at)
            VALUES (one.district, one.number, '{}', '本规则施行前已登记的合同', one.recorded_by, one.recorded_at::date, one.recorded_at)
            RETURNING id INTO ground;
            INSERT INTO contract_land (district, contract, parcel_code, relation, share, held, beside)
            SELECT district, contract, parcel_code, relation, share, held, ground FROM contract_claim
            WHERE district = one.district AND contract = one.number;
        END;
    END LOOP;
END
$$;
