-- The lists of power of 2023, one line for each enterprise, and what was reported of them: every hundredth with a mistake.
SET session_replication_role = replica;
INSERT INTO allocation_list (district, id, body, year, quarter, drawn_on, enterprises, lines, due_yuan, document, recorded_at, recorded_by)
    SELECT '330105', ('00000000-0000-0000-0000-00000000000' || q)::uuid, 'power', 2023, q, make_date(2023, q * 3, 10), :enterprises, :enterprises, 0,
        'synthetic', now(), 'synthetic'
    FROM generate_series(1, 4) q;
INSERT INTO allocation_line (district, list, uscc, measure, name, subdistrict, title, article, grade, years, kind, outcome, base, unit, rate, per_unit,
        amount, why, accounts, receipt)
    SELECT '330105', ('00000000-0000-0000-0000-00000000000' || q)::uuid, 'SYN' || lpad(n::text, 15, '0'), 'example/electricity-consecutive', 'synthetic ' || n,
        '33010501' || n % 8, 'surcharge', 'synthetic', 'D', 1, 'amount', 'due', (n * 4)::text, '千瓦时', '0.05', 0.05, n * 0.2, '', ARRAY['C' || n], r.id
    FROM generate_series(1, 4) q, generate_series(1, :enterprises) n, (SELECT id FROM receipt LIMIT 1) r;
INSERT INTO allocation_report (district, id, body, year, quarter, uscc, measure, done, quantity, amount, account, document, recorded_at, recorded_by)
    SELECT '330105', gen_random_uuid(), 'power', 2023, q, 'SYN' || lpad(n::text, 15, '0'), 'example/electricity-consecutive', true, n,
        n * 0.05 + CASE WHEN n % 100 = 1 AND q = 4 THEN 0.01 ELSE 0 END, CASE WHEN n % 100 = 2 AND q = 2 THEN 'X' ELSE 'C' END || n, 'synthetic', now(), 'synthetic'
    FROM generate_series(1, 4) q, generate_series(1, :enterprises) n WHERE n % 100 <> 3 OR q < 4;
SET session_replication_role = origin;
VACUUM (ANALYZE) allocation_list, allocation_line, allocation_report;
