-- Grant contracts: what was agreed (whole terms from a day on), what happened (events), and the staged certificates.
-- Two times everywhere; a correction closes what was known and adds a row with a reason and a name. Whether something
-- is late is stored nowhere: it follows from these rows, the working-day calendar and the day that is asked about.

CREATE TABLE contract (
    district county_code NOT NULL REFERENCES district,
    number text COLLATE "C" NOT NULL CHECK (number <> '' AND btrim(number) = number),
    subdistrict text,
    version integer NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL,
    created_by text NOT NULL,
    PRIMARY KEY (district, number)
);
COMMENT ON COLUMN contract.number IS 'in the order of bytes, so that the program merges sorted streams as the database sorts them';
COMMENT ON COLUMN contract.version IS 'raised by every change, so that a form filled in on an older state is refused';
COMMENT ON COLUMN contract.subdistrict IS 'where its first parcel lies';
CREATE INDEX contract_lies ON contract (district, subdistrict, number);
CREATE INDEX contract_number_part ON contract USING gin (number gin_trgm_ops);

-- The agreement, and each supplement, as the whole of the terms that hold from `effective_on` until the next. Land is in mu, as
-- it was agreed; sums stay below what can be calculated exactly.
CREATE TABLE contract_terms (
    district county_code NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    contract text COLLATE "C" NOT NULL,
    role text NOT NULL CHECK (role IN ('agreement', 'supplement')),
    document text NOT NULL,
    signed_on date NOT NULL,
    effective_on date NOT NULL,
    kind text NOT NULL CHECK (kind IN ('grant', 'lease_then_grant', 'staged')),
    parcels text[] NOT NULL CHECK (cardinality(parcels) > 0),
    granted_area_mu numeric NOT NULL CONSTRAINT contract_terms_granted_area_m2_check CHECK (granted_area_mu > 0),
    grantee text NOT NULL CHECK (grantee ~ '^[0-9A-HJ-NP-RTUW-Y]{18}$'),
    price_yuan numeric NOT NULL CHECK (price_yuan > 0) CHECK (price_yuan < 1e15),
    instalment_due date[] NOT NULL,
    instalment_yuan numeric[] NOT NULL,
    -- Where a contract says nothing, the instalments due by the agreed hand-over.
    hand_over_after text NOT NULL DEFAULT 'due_payments' CHECK (hand_over_after IN ('due_payments', 'full_price', 'nothing')),
    hand_over_on date,
    start_on date,
    completion_on date,
    production_on date,
    output_review_on date,
    term_years smallint NOT NULL CHECK (term_years BETWEEN 1 AND 70),
    term_from date,
    construction_months smallint CHECK (construction_months > 0),
    production_months smallint CHECK (production_months > 0),
    day_count text NOT NULL CHECK (day_count IN ('calendar', 'working')),
    planned_investment_yuan numeric CHECK (planned_investment_yuan > 0),
    late_payment_permille numeric CHECK (late_payment_permille >= 0),
    rescind_after_days smallint CHECK (rescind_after_days >= 0),
    late_start_permille numeric CHECK (late_start_permille >= 0),
    late_completion_permille numeric CHECK (late_completion_permille >= 0),
    late_production_permille numeric CHECK (late_production_permille >= 0),
    late_hand_over_permille numeric CHECK (late_hand_over_permille >= 0),
    cap_percent numeric CHECK (cap_percent > 0),
    investment_shortfall text NOT NULL CHECK (investment_shortfall IN ('none', 'pro_rata')),
    far_shortfall text NOT NULL CHECK (far_shortfall IN ('none', 'pro_rata')),
    commitments jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(commitments) = 'array'),
    admission_case text,
    corrects bigint,
    reason text NOT NULL,
    source text NOT NULL,
    recorded_at timestamptz NOT NULL,
    recorded_by text NOT NULL,
    superseded_at timestamptz,
    PRIMARY KEY (district, id),
    FOREIGN KEY (district, contract) REFERENCES contract,
    CHECK (cardinality(instalment_due) = cardinality(instalment_yuan)),
    CHECK (role = 'supplement' OR signed_on = effective_on),
    CHECK (kind <> 'staged' OR (construction_months IS NOT NULL AND production_months IS NOT NULL)),
    -- The bounds of src/base/bounds.rs.
    CONSTRAINT contract_terms_plausible CHECK (superseded_at IS NOT NULL OR (
        granted_area_mu <= 1500000 AND min_scale(granted_area_mu) <= 16
        AND price_yuan <= 1000000000000
        AND (planned_investment_yuan IS NULL OR planned_investment_yuan <= 1000000000000)))
);
COMMENT ON COLUMN contract_terms.granted_area_mu IS 'a figure of the contract in mu, exactly as it was agreed; not the area of the parcel';
COMMENT ON COLUMN contract_terms.hand_over_after IS 'what the grantee has to have paid before the grantor owes the land';
COMMENT ON COLUMN contract_terms.term_from IS 'none: the term runs from the actual hand-over';
COMMENT ON COLUMN contract_terms.planned_investment_yuan IS 'total investment without land price and taxes, the base of the idle-land test';
COMMENT ON COLUMN contract_terms.late_payment_permille IS '‰ of the unpaid instalment a day';
COMMENT ON COLUMN contract_terms.late_start_permille IS '‰ of the total price a day; so are completion and production';
COMMENT ON COLUMN contract_terms.late_hand_over_permille IS 'owed by the grantor: ‰ of the price paid so far, a day';
COMMENT ON COLUMN contract_terms.cap_percent IS 'no single consequence exceeds this share of the total price';
-- Two supplements may take effect on one day; the same paper only once.
CREATE UNIQUE INDEX contract_terms_current ON contract_terms (district, contract, effective_on, document) WHERE superseded_at IS NULL;
CREATE UNIQUE INDEX contract_terms_agreement ON contract_terms (district, contract) WHERE superseded_at IS NULL AND role = 'agreement';
CREATE INDEX contract_terms_contract ON contract_terms (district, contract, effective_on, id);
CREATE INDEX contract_terms_parcels ON contract_terms USING gin (parcels) WHERE superseded_at IS NULL;
CREATE INDEX contract_terms_grantee ON contract_terms (district, grantee) WHERE superseded_at IS NULL;
CREATE INDEX contract_terms_case ON contract_terms (district, admission_case) WHERE superseded_at IS NULL AND admission_case IS NOT NULL;

-- What happened under a contract. Which columns an event of a kind fills is checked by the program (tenure::event).
-- A review among the events was either concluded here, with its row in contract_review and a receipt, or carried over from a
-- file because it happened before the contract was kept here; no other review is recorded.
CREATE TABLE contract_event (
    district county_code NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    contract text COLLATE "C" NOT NULL,
    kind text NOT NULL,
    happened_on date NOT NULL,
    until date,
    duty text,
    instalment smallint CHECK (instalment > 0),
    amount_yuan numeric CHECK (amount_yuan > 0) CHECK (amount_yuan < 1e15),
    outcome text CHECK (outcome IN ('passed', 'rectify', 'failed')),
    review_origin text CHECK (review_origin IN ('concluded', 'historic')),
    cause text CHECK (cause IN ('government', 'force_majeure', 'grantee')),
    covers text CHECK (covers IN ('works', 'all')),
    figure text,
    value numeric,
    reached_on date,
    document text,
    note text NOT NULL DEFAULT '',
    corrects bigint,
    reason text NOT NULL,
    source text NOT NULL,
    recorded_at timestamptz NOT NULL,
    recorded_by text NOT NULL,
    superseded_at timestamptz,
    superseded_by text,
    superseded_reason text,
    passes text GENERATED ALWAYS AS (CASE WHEN outcome = 'passed' THEN kind END) STORED,
    PRIMARY KEY (district, id),
    UNIQUE (district, id, contract, passes),
    FOREIGN KEY (district, contract) REFERENCES contract,
    CHECK (kind IN ('handed_over', 'paid', 'started', 'completion_declared', 'completion_reviewed', 'production_started',
        'output_reviewed', 'suspended', 'resumed', 'extended', 'waived', 'notified', 'measured', 'penalty_paid',
        'investigation_opened', 'investigation_answered', 'idle_confirmed', 'idle_settled', 'rescinded', 'terminated',
        'taken_back')),
    CHECK ((kind = 'paid') = (instalment IS NOT NULL)),
    CHECK (amount_yuan IS NOT NULL OR kind NOT IN ('paid', 'penalty_paid')),
    CHECK ((outcome IS NOT NULL) = (kind IN ('completion_reviewed', 'output_reviewed'))),
    CHECK (outcome IS DISTINCT FROM 'rectify' OR until IS NOT NULL),
    CHECK ((cause IS NOT NULL AND covers IS NOT NULL) = (kind = 'suspended')),
    CHECK ((duty IS NOT NULL) = (kind IN ('extended', 'waived', 'notified', 'penalty_paid'))),
    CHECK (kind <> 'extended' OR until IS NOT NULL),
    CHECK (kind NOT IN ('extended', 'waived') OR document IS NOT NULL),
    CHECK ((figure IS NOT NULL AND value IS NOT NULL) = (kind = 'measured')),
    CHECK (until IS NULL OR until > happened_on OR kind = 'extended'),
    CHECK (superseded_at IS NOT NULL OR (superseded_by IS NULL AND superseded_reason IS NULL)),
    CONSTRAINT contract_event_review_origin CHECK ((review_origin IS NOT NULL) = (outcome IS NOT NULL)),
    CONSTRAINT contract_event_reached CHECK (reached_on IS NULL OR (kind = 'measured' AND reached_on <= happened_on)),
    -- What is decided of idle land is decided on paper.
    CONSTRAINT contract_event_decided_on_paper
        CHECK (kind NOT IN ('idle_confirmed', 'idle_settled') OR document IS NOT NULL OR superseded_at IS NOT NULL),
    CONSTRAINT contract_event_plausible CHECK (superseded_at IS NOT NULL OR amount_yuan IS NULL OR amount_yuan <= 1000000000000)
);
COMMENT ON COLUMN contract_event.until IS
    'suspended: first day the clock runs again; reviews: rectification until; extended: the new due day';
COMMENT ON COLUMN contract_event.review_origin IS
    'concluded: in the review room, with a receipt; historic: from a file, of the time before the contract was entered here';
COMMENT ON COLUMN contract_event.reached_on IS 'measured: when it stood so; happened_on is the day it was verified';
COMMENT ON COLUMN contract_event.passes IS 'the review it is, when it passed; a certificate points here';
CREATE INDEX contract_event_contract ON contract_event (district, contract, happened_on, id);
CREATE UNIQUE INDEX contract_event_once ON contract_event (district, contract, kind)
    WHERE superseded_at IS NULL AND kind IN ('handed_over', 'started', 'production_started', 'rescinded', 'terminated', 'taken_back');
-- A double click, or the same file twice, says nothing new.
CREATE UNIQUE INDEX contract_event_same ON contract_event
    (district, contract, kind, happened_on, instalment, amount_yuan, duty, until, outcome, figure, document)
    NULLS NOT DISTINCT WHERE superseded_at IS NULL;

-- Staged certificates. Two are never valid at once on a parcel, and the next one points at the review that passed.
CREATE TABLE staged_certificate (
    district county_code NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    contract text COLLATE "C" NOT NULL,
    parcel_code text NOT NULL,
    stage text NOT NULL CHECK (stage IN ('construction', 'production', 'remaining')),
    number text NOT NULL CHECK (number <> ''),
    valid daterange NOT NULL CHECK (NOT isempty(valid) AND NOT lower_inf(valid) AND NOT upper_inf(valid)),
    allows text NOT NULL,
    review bigint,
    review_kind text GENERATED ALWAYS AS
        (CASE stage WHEN 'production' THEN 'completion_reviewed' WHEN 'remaining' THEN 'output_reviewed' END) STORED,
    corrects bigint,
    reason text NOT NULL,
    source text NOT NULL,
    recorded_at timestamptz NOT NULL,
    recorded_by text NOT NULL,
    superseded_at timestamptz,
    PRIMARY KEY (district, id),
    FOREIGN KEY (district, contract) REFERENCES contract,
    FOREIGN KEY (district, review, contract, review_kind) REFERENCES contract_event (district, id, contract, passes),
    CHECK ((stage = 'construction') = (review IS NULL)),
    EXCLUDE USING gist (hashtextextended(parcel_code, 0) WITH =, valid WITH &&, district WITH =) WHERE (superseded_at IS NULL)
);
COMMENT ON COLUMN staged_certificate.allows IS 'what the holder may do in this stage, as printed on the certificate';
CREATE UNIQUE INDEX staged_certificate_number ON staged_certificate (district, number) WHERE superseded_at IS NULL;
CREATE INDEX staged_certificate_contract ON staged_certificate (district, contract, id);

-- One parcel is granted once at a time. What a live grant holds is kept beside the contracts, with everything that came of its
-- parcels or that they came of, so that the table itself refuses a second live grant, also when two are entered at once. A
-- named person may record why a grant stands beside another: staged, part of the parcel. -----------------------------------

-- Why a grant stands beside what stands against its land.
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
