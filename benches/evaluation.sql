-- An invented district of many enterprises with their land and three years of figures. The numbers mean nothing; there are many of
-- them: psql -v enterprises=1000000 -f benches/evaluation.sql
SET session_replication_role = replica;
SET synchronous_commit = off;
SET maintenance_work_mem = '1GB';

-- Rows first, then the indexes that order them: filled row by row they take ten times as long.
CREATE TEMP TABLE put_back AS
    SELECT format('ALTER TABLE %s ADD CONSTRAINT %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) AS make,
           format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname) AS drop
    FROM pg_constraint
    WHERE conrelid = ANY ('{enterprise_version,occupancy,return_figure}'::regclass[]) AND contype IN ('p', 'x')
    UNION ALL
    SELECT pg_get_indexdef(indexrelid), format('DROP INDEX %s', indexrelid::regclass) FROM pg_index i
    WHERE indrelid = ANY ('{enterprise_version,occupancy,return_figure}'::regclass[])
      AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid);
SELECT drop FROM put_back \gexec

CREATE TEMP TABLE firm AS
    SELECT n, '91330199' || upper(lpad(to_hex((n * 2654435761) % 4294967296), 8, '0')) || 'XY' AS uscc,
           abs(hashtext('size' || n)) % 1000 AS size, abs(hashtext('luck' || n)) % 1000 AS luck
    FROM generate_series(1::bigint, :enterprises) n;

-- Four of five are industry above designated size; the others belong to other categories.
INSERT INTO enterprise_version (district, uscc, valid, name, industry_edition, industry_code, sector, size_class, subdistrict, state,
        established_on, source, reason, recorded_at, recorded_by, fingerprint)
    SELECT '330199', uscc, daterange('2010-01-01', NULL), '合成' || substr(md5(n::text), 1, 6) || '机械制造有限公司第' || n || '厂', '2017',
        (ARRAY['3511', '1311', '2710', '3912', '3311'])[1 + n % 5], 'industry', CASE WHEN n % 5 = 4 THEN 'below' ELSE 'above' END,
        '33019900' || 1 + n % 8, 'operating', CASE WHEN n % 50 = 0 THEN date '2022-03-01' ELSE date '2010-01-01' END,
        'bench', 'bench', '2015-01-01', 'bench', ''
    FROM firm;

INSERT INTO occupancy (district, parcel_code, kind, occupant, area_mu, valid, source, reason, recorded_at, recorded_by)
    SELECT '330199', '33019900' || 1 + n % 8 || '001GB' || lpad((n % 100000)::text, 5, '0'), 'owned', uscc,
        CASE WHEN luck < 5 THEN 0 ELSE (size + 1) * 0.0975 END, daterange(date '2015-01-01' + (n % 3000)::integer, NULL),
        'bench', 'bench', '2015-01-01', 'bench'
    FROM firm WHERE luck <> 7;

INSERT INTO parcel_version (district, code, valid, geom, survey_srid, survey_truth, plane_area_m2, geodesic_area_m2, supply_status,
        subdistrict, registered_subdistrict, source, reason, recorded_at, recorded_by, fingerprint)
    SELECT '330199', '33019900' || 1 + n % 8 || '001GB' || lpad(n::text, 5, '0'), daterange('2010-01-01', NULL),
        ST_Multi(ST_MakeEnvelope(120 + n % 300 * 0.001, 30 + n / 300 * 0.001, 120.0009 + n % 300 * 0.001, 30.0009 + n / 300 * 0.001, 4490)),
        4549, false, 8600, 8600, 'in_use', '33019900' || 1 + n % 8, '33019900' || 1 + n % 8, 'bench', 'bench', '2015-01-01', 'bench', ''
    FROM generate_series(0, 99999) n;

INSERT INTO return_figure (district, year, indicator, uscc, value, department, state, confirmed_by, confirmed_at, source, reason,
        recorded_at, recorded_by)
    SELECT '330199', year, indicator, uscc,
        CASE indicator WHEN 'headcount' THEN 1 + (size + roll) % 400
            WHEN 'tax_paid' THEN round((size + 10) * (roll - 40) * 19.37, 2)
            WHEN 'value_added' THEN round((size + 10) * (roll - 20) * 97.31, 2)
            WHEN 'energy' THEN round((size + 1) * (roll + 1) * 0.0173, 4)
            WHEN 'emission' THEN round((size + 1) * (roll + 1) * 0.00031, 6)
            WHEN 'research_spending' THEN round(size * roll * 4.19, 2) ELSE round((size + 10) * (roll + 50) * 311.07, 2) END,
        'statistics', 'confirmed', 'bench', '2015-01-01', 'bench', 'bench', '2015-01-01', 'bench'
    FROM firm, generate_series(2020, 2022) year,
        unnest('{tax_paid,value_added,energy,emission,headcount,research_spending,revenue}'::text[]) indicator,
        LATERAL (SELECT abs(hashtext(indicator || year || n)) % 1000 AS roll) it
    WHERE roll % 50 <> 3;

SELECT make FROM put_back \gexec
VACUUM (ANALYZE) enterprise_version, occupancy, return_figure, parcel_version;
