-- Contracts of an invented district, signed over ten years, in every stage: four instalments and what happened so far.
-- psql -v contracts=200000 -f benches/contracts.sql
INSERT INTO contract (district, number, subdistrict, created_at, created_by)
SELECT '330199', 'BENCH-' || lpad(n::text, 7, '0'), '330199001', '2015-01-01', 'bench' FROM generate_series(1, :contracts) n;

INSERT INTO contract_terms (district, contract, role, document, signed_on, effective_on, kind, parcels, granted_area_mu, grantee,
    price_yuan, instalment_due, instalment_yuan, hand_over_on, start_on, completion_on, production_on, output_review_on,
    term_years, construction_months, production_months, day_count, planned_investment_yuan, late_payment_permille,
    rescind_after_days, late_start_permille, late_completion_permille, late_hand_over_permille, cap_percent,
    investment_shortfall, far_shortfall, reason, source, recorded_at, recorded_by)
SELECT '330199', 'BENCH-' || lpad(n::text, 7, '0'), 'agreement', 'bench', d, d, 'staged',
    ARRAY['330199001001GB' || lpad((n % 100000)::text, 5, '0')], (10000 + n % 50000) * 0.0015, '91330105MA2AXYW00M',
    4 * price, ARRAY[d + 30, d + 90, d + 180, d + 270], ARRAY[price, price, price, price],
    d + 60, d + 240, d + 970, d + 1150, d + 1880, 20, 30, 36, CASE n % 2 WHEN 0 THEN 'working' ELSE 'calendar' END,
    50000000, 1, 60, 0.5, 0.5, 1, 30, 'pro_rata', 'pro_rata', 'bench', 'bench', '2015-01-01', 'bench'
FROM (SELECT n, date '2016-11-01' + (n * 7919 % 3650)::integer AS d, (1000000 + n % 9000000)::numeric AS price
      FROM generate_series(1, :contracts) n) it;

-- What happened: each step some days early or late, left out where it lies in the future, and now and then never taken.
INSERT INTO contract_event (district, contract, kind, happened_on, instalment, amount_yuan, outcome, review_origin, reason, source, recorded_at, recorded_by)
SELECT '330199', t.contract, step.kind, day, step.instalment,
    CASE WHEN step.instalment IS NOT NULL THEN t.instalment_yuan[1] END,
    CASE WHEN step.kind LIKE '%reviewed' THEN 'passed' END,
    CASE WHEN step.kind LIKE '%reviewed' THEN 'historic' END, 'bench', 'bench', '2015-01-01', 'bench'
FROM contract_terms t
CROSS JOIN (VALUES ('paid', 1, 30), ('paid', 2, 90), ('paid', 3, 180), ('paid', 4, 270), ('handed_over', NULL, 60),
    ('started', NULL, 240), ('completion_declared', NULL, 960), ('completion_reviewed', NULL, 1000),
    ('production_started', NULL, 1150), ('output_reviewed', NULL, 1890)) AS step (kind, instalment, after)
CROSS JOIN LATERAL (SELECT t.signed_on + step.after + (hashtext(t.contract || step.kind) % 40) AS day) it
WHERE t.district = '330199' AND day < '2026-11-01' AND hashtext(step.kind || t.contract) % 20 <> 0;

INSERT INTO contract_event (district, contract, kind, happened_on, until, cause, covers, reason, source, recorded_at, recorded_by)
SELECT '330199', contract, 'suspended', signed_on + 300, signed_on + 340, 'government', 'works', 'bench', 'bench', '2015-01-01', 'bench'
FROM contract_terms WHERE district = '330199' AND hashtext(contract) % 10 = 0;
ANALYZE contract, contract_terms, contract_event;
