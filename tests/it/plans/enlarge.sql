-- A large district out of the demonstration's: every row of its registers again and again under other codes, numbers and
-- places, so that what belonged together still does. The numbers mean nothing; there are many of them.

SET session_replication_role = replica;
SET synchronous_commit = off;

CREATE FUNCTION again(value uuid, copy integer) RETURNS uuid LANGUAGE sql IMMUTABLE AS
    $$ SELECT md5(value::text || copy)::uuid $$;
-- The cadastral block of a parcel code: the demonstration has no more than four in a sub-district.
CREATE FUNCTION again_parcel(code text, copy integer) RETURNS text LANGUAGE sql IMMUTABLE AS
    $$ SELECT left(code, 9) || lpad((substr(code, 10, 3)::integer + copy * 4)::text, 3, '0') || substr(code, 13) $$;
CREATE FUNCTION again_uscc(code text, copy integer) RETURNS text LANGUAGE sql IMMUTABLE AS
    $$ SELECT left(code, 8) || 'E' || lpad(copy::text, 3, '0') || substr(code, 13) $$;

-- Copies of whole tables. Codes and numbers are those of the first `ring` copies, taken in turn; identifiers are new each time.
CREATE PROCEDURE again_all(tables text[], copies integer, ring integer) LANGUAGE plpgsql AS $$
DECLARE
    it text;
    columns text;
    expressions text;
BEGIN
    FOREACH it IN ARRAY tables LOOP
        SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum), string_agg(CASE
                WHEN it = 'contract_review' AND attname = 'state' THEN 'CASE WHEN n > ring THEN ''withdrawn'' ELSE state END'
                WHEN it = 'contract_review' AND attname = 'closed_at' THEN 'CASE WHEN n > ring THEN coalesce(closed_at, opened_at) ELSE closed_at END'
                WHEN it = 'contract_review' AND attname IN ('outcome', 'reviewed_on', 'rectify_until', 'receipt', 'verdict', 'event')
                    THEN format('CASE WHEN n <= ring THEN %I END', attname)
                WHEN atttypid = 'uuid'::regtype AND attname IN ('id', 'case_id', 'client_key', 'offer', 'review', 'breach', 'notice', 'task', 'visit')
                    THEN format('again(%I, n)', attname)
                WHEN atttypid = 'bigint'::regtype AND (attidentity <> '' OR attname IN ('review', 'event', 'check_id', 'recommendation', 'corrects', 'seq'))
                    THEN format('%I + n * 1000000::bigint', attname)
                WHEN attname IN ('uscc', 'occupant', 'lessor', 'grantee', 'addressee') THEN format('again_uscc(%I, c)', attname)
                WHEN attname IN ('parcel_code', 'predecessor', 'successor') OR (it = 'parcel_version' AND attname = 'code')
                    THEN format('again_parcel(%I, %s)', attname, CASE it WHEN 'admission_offer' THEN 'n' ELSE 'c' END)
                WHEN attname = 'parcels' THEN 'ARRAY(SELECT again_parcel(p, c) FROM unnest(parcels) p)'
                WHEN attname IN ('contract', 'subject') OR (it IN ('contract', 'staged_certificate') AND attname = 'number')
                    THEN format('%I || ''-'' || c', attname)
                WHEN attname = 'due' OR (it = 'parcel_lineage' AND attname = 'effective_on') THEN format('%I + (n - 1) / ring', attname)
                WHEN attname = 'serial' THEN 'serial + n * 1000'
                WHEN it LIKE 'planning_%' AND attname = 'number' THEN 'number + n * 10000'
                WHEN it = 'admission_decision' AND attname = 'code' THEN 'upper(left(md5(code || n), 16))'
                WHEN it = 'enterprise_version' AND attname = 'name' THEN 'name || ''第'' || n || ''厂'''
                WHEN attname = 'plane' THEN 'ST_Translate(plane, n * 4800, 0)'
                WHEN atttypid = 'geometry'::regtype THEN format('ST_Translate(%I, n * 0.05, 0)', attname)
                ELSE quote_ident(attname) END, ', ' ORDER BY attnum)
            INTO columns, expressions
            FROM pg_attribute WHERE attrelid = it::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = '';
        EXECUTE format(
            'INSERT INTO %I (%s) OVERRIDING SYSTEM VALUE SELECT %s FROM %I, (SELECT n, 1 + (n - 1) %% ring AS c, ring
                 FROM generate_series(1, %s) n, (SELECT %s AS ring) r) copy', it, columns, expressions, it, copies, ring);
    END LOOP;
END $$;

CALL again_all(ARRAY['parcel_version', 'enterprise_version', 'occupancy', 'return_figure', 'contract',
    'contract_terms', 'contract_event', 'contract_land', 'staged_certificate', 'planning_area', 'planning_part'], 30, 30);
CALL again_all(ARRAY['contract_breach', 'contract_breach_step', 'contract_review', 'contract_review_opinion', 'contract_notice',
    'inspection_task', 'inspection_step', 'inspection_visit', 'inspection_answer', 'inspection_photo',
    'admission_case', 'admission_round', 'admission_check', 'admission_event', 'admission_attachment', 'admission_opinion',
    'admission_recommendation', 'admission_decision', 'admission_judgement', 'admission_commitment', 'audit_entry'], 120, 30);
CALL again_all(ARRAY['parcel_lineage', 'admission_offer'], 240, 30);

-- What the demonstration has few of or none.
INSERT INTO import_run (district, id, kind, file_name, file_sha256, options, state, read, accepted, rejected, actor, created_at, committed_at)
    SELECT '330105', again('00000000-0000-0000-0000-000000000001', n), (ARRAY['parcels', 'returns', 'occupancies'])[1 + n % 3], '文件' || n || '.csv',
        '\x00', '{}', 'committed', 1, 1, n % 20 / 19, '示例合同管理员', timestamptz '2026-01-01' + n * interval '1 minute', timestamptz '2026-11-01'
    FROM generate_series(1, 4000) n;
INSERT INTO import_draft (district, id, kind, file_name, stored_name, options, committed, account, actor, created_at)
    SELECT '330105', again('00000000-0000-0000-0000-000000000002', n), 'returns', '文件' || n || '.csv', 'none', '{"accept_warnings": false}', n % 50 > 0, a.id, a.name,
        timestamptz '2026-11-20' + n * interval '1 minute'
    FROM generate_series(1, 4000) n, account a WHERE a.login = 'contract';
INSERT INTO policy_submission (district, id, kind, file_name, file_sha256, starts_on, offer, faults, refused, state, created_by,
        created_by_name, created_at, submitted_at)
    SELECT '330105', again('00000000-0000-0000-0000-000000000003', n), 'standards', '指标' || n || '.csv', '', '2026-01-01', '{}', '[]', false,
        CASE WHEN n % 100 = 0 THEN 'submitted' ELSE 'withdrawn' END, a.id, a.name, timestamptz '2026-01-01' + n * interval '1 minute', timestamptz '2026-11-01'
    FROM generate_series(1, 3000) n, account a WHERE a.login = 'evaluator';
INSERT INTO job (district, id, kind, payload, state, actor, created_at, finished_at)
    SELECT '330105', again('00000000-0000-0000-0000-000000000004', n), 'import', jsonb_build_object('draft', again('00000000-0000-0000-0000-000000000002', n)),
        'done', '示例', timestamptz '2026-01-01' + n * interval '1 minute', timestamptz '2026-11-01'
    FROM generate_series(1, 4000) n;
INSERT INTO admission_what_if (district, id, title, changes, result, actor, created_at, finished_at)
    SELECT '330105', again('00000000-0000-0000-0000-000000000005', n), '推演' || n, '[]', NULL, '示例', timestamptz '2026-01-01' + n * interval '1 minute', NULL
    FROM generate_series(1, 2000) n;
INSERT INTO sign_in_attempt (district, login, origin, at, succeeded)
    SELECT '330105', 'login' || n % 500, '192.0.2.' || n % 250, timestamptz '2026-01-01' + n * interval '1 minute', n % 3 > 0
    FROM generate_series(1, 20000) n;
INSERT INTO session (district, token_hash, account, created_at, expires_at)
    SELECT '330105', sha256(n::text::bytea), a.id, timestamptz '2026-01-01', timestamptz '2027-01-02'
    FROM generate_series(1, 4000) n, account a WHERE a.login = 'contract';
INSERT INTO api_token (district, id, token_hash, name, role, created_by, created_at, expires_at)
    SELECT '330105', again('00000000-0000-0000-0000-000000000006', n), sha256(n::text::bytea), '令牌' || n, 'inspector',
        again('00000000-0000-0000-0000-000000000007', n % 300), timestamptz '2026-01-01', timestamptz '2027-01-01'
    FROM generate_series(1, 3000) n;
INSERT INTO receipt (district, id, check_name, as_of, program, catalogue, inputs, results, verdict, recorded_at, recorded_by_name)
    SELECT '330105', encode(sha256(convert_to('{"check":"many","as_of":"2026-01-01","program":"0","catalogue":"' || c.sha256 || '","inputs":"'
            || encode(sha256(convert_to(n::text, 'UTF8')), 'hex') || '","results":"'
            || encode(sha256(convert_to('{"verdict":"conforms"}', 'UTF8')), 'hex') || '"}', 'UTF8')), 'hex'),
        'many', '2026-01-01', '0', c.sha256, n::text, '{"verdict":"conforms"}', 'conforms', timestamptz '2026-01-01', '示例'
    FROM generate_series(1, 3000) n, (SELECT sha256 FROM policy_catalogue LIMIT 1) c;

-- The receipt of a run, with the scheme that it froze.
INSERT INTO receipt (district, id, check_name, as_of, program, catalogue, inputs, results, verdict, recorded_at, recorded_by_name)
    SELECT '330105', encode(sha256(convert_to('{"check":"evaluation.run","as_of":"2023-12-31","program":"0","catalogue":"' || c.sha256 || '","inputs":"'
            || encode(sha256(convert_to(c.inputs, 'UTF8')), 'hex') || '","results":"'
            || encode(sha256(convert_to('{"verdict":"computed"}', 'UTF8')), 'hex') || '"}', 'UTF8')), 'hex'),
        'evaluation.run', '2023-12-31', '0', c.sha256, c.inputs, '{"verdict":"computed"}', 'computed', timestamptz '2026-01-01', '示例'
    FROM (SELECT sha256, json_build_object('year', 2023, 'scheme', content::json -> 'schemes' -> 'shipped' -> 0, 'benchmarks', '[]'::json,
              'subjects', json_build_object('count', 0, 'sha256', ''))::text AS inputs FROM policy_catalogue LIMIT 1) c;
INSERT INTO evaluation_run (district, id, category, year, scheme, trial, state, receipt, head, computed_at, computed_by)
    SELECT '330105', again('00000000-0000-0000-0000-000000000008', n), 'industry_above', 2015 + n % 10, 'muheng/industry-above', true, 'computed', r.id,
        '{"year":2023,"category":"industry_above","scheme":"muheng/industry-above","benchmarks":[],"quotas":[],"grades":[["A",1],["B",1],["C",1],["D",0]],"left_out":[]}',
        timestamptz '2026-01-01' + n * interval '1 minute', '示例'
    FROM generate_series(1, 3000) n, (SELECT id FROM receipt WHERE check_name = 'evaluation.run') r;
INSERT INTO evaluation_result (district, run, key, name, subdistrict, industry, ranking_group, rank, score, first_grade, automatic_grade, grade, vetoed, input, detail)
    SELECT '330105', again('00000000-0000-0000-0000-000000000008', 1 + n % 3), 'K' || lpad(n::text, 17, '0'), '企业' || n, '33010501' || n % 8, '3511', '组' || n % 5, n, n,
        'C', 'C', (ARRAY['A', 'B', 'C', 'D'])[1 + n % 4], n % 97 = 0, '{}',
        json_build_object('subject', json_build_object('kind', 'enterprise', 'id', 'K'), 'uscc', NULL, 'name', '企业', 'group', '组', 'facts', '{}'::json, 'items', '[]'::json,
            'sum', '1', 'coefficient', '1', 'bonus', '[]'::json, 'deduction', '[]'::json, 'score', n::text, 'rank', n, 'vetoes', '[]'::json, 'first_grade', 'C',
            'steps', '[]'::json, 'automatic_grade', 'C', 'grade', 'C')
    FROM generate_series(1, 24000) n;
-- One is official in the year of the map, one in the year before what it says of itself.
UPDATE evaluation_run r SET state = 'official', trial = false, year = CASE r.id WHEN again('00000000-0000-0000-0000-000000000008', 1) THEN 2024 ELSE 2022 END,
        proposed_by = a.id, proposed_by_name = a.name, proposed_at = timestamptz '2026-01-01', decided_by = b.id, decided_by_name = b.name,
        decided_at = timestamptz '2026-01-02', document = '文件'
    FROM account a, account b WHERE a.login = 'evaluator' AND b.login = 'approver'
        AND r.id IN (again('00000000-0000-0000-0000-000000000008', 1), again('00000000-0000-0000-0000-000000000008', 2));
INSERT INTO evaluation_left_out (district, run, key, name, subdistrict, why, detail)
    SELECT '330105', again('00000000-0000-0000-0000-000000000008', 1 + n % 3), 'L' || n, '企业' || n, '330105014', 'transition',
        json_build_object('uscc', 'L', 'name', '企业', 'why', 'transition', 'facts', '{}'::json)
    FROM generate_series(1, 6000) n;
-- Two rounds of the survey over all parcels, one after the other, with visits, users and differences.
INSERT INTO survey_round (district, id, year, serial, name, list_year, state, opened_on, opened_at, opened_by, opened_by_name, parcels, closed_on,
        closed_at, closed_by, closed_by_name)
    SELECT '330105', again('00000000-0000-0000-0000-000000000020', n), 2024 + n, 1, '摸底', 2024, CASE n WHEN 1 THEN 'closed' ELSE 'open' END,
        date '2024-10-01' + n * 365, timestamptz '2026-10-01', a.id, a.name, 1000, CASE n WHEN 1 THEN date '2026-01-01' END,
        CASE n WHEN 1 THEN timestamptz '2026-01-01' END, CASE n WHEN 1 THEN b.id END, CASE n WHEN 1 THEN b.name END
    FROM generate_series(1, 2) n, account a, account b WHERE a.login = 'contract' AND b.login = 'approver';
INSERT INTO survey_parcel (district, id, round, code, parcel_version, area_m2, supply_status, subdistrict, listed_by, state, visit, visited_on, class, ground)
    SELECT '330105', md5(r.id || p.code)::uuid, r.id, p.code, p.id, p.official_area_m2, p.supply_status, COALESCE(p.subdistrict, p.registered_subdistrict),
        'registered_use', CASE WHEN s.visited THEN 'surveyed' ELSE 'awaiting' END, CASE WHEN s.visited THEN md5('v' || r.id || p.code)::uuid END,
        CASE WHEN s.visited THEN r.opened_on END, s.class, CASE WHEN s.class IS NOT NULL THEN 'used' END
    FROM survey_round r, parcel_version p, LATERAL (SELECT p.id % 4 > 0 AS visited, CASE WHEN p.id % 4 > 0 THEN
        (ARRAY['approved_not_supplied', 'supplied_not_used', 'idle', 'low_efficiency', 'changed_use', 'in_use', NULL])[1 + p.id % 7] END AS class) s
    WHERE p.superseded_at IS NULL AND p.valid @> date '2026-10-01';
INSERT INTO survey_visit (district, id, round, parcel, serial, visited_on, standing, use_found, class, ground, why, receipt, fingerprint, recorded_at,
        recorded_by, recorded_by_name)
    SELECT '330105', s.visit, s.round, s.id, 1, s.visited_on, 'used', 'industry', s.class, s.ground, '在用', r.id, sha256(s.code::bytea), timestamptz '2026-10-02', a.id, a.name
    FROM survey_parcel s, account a, (SELECT id FROM receipt WHERE check_name = 'evaluation.run' LIMIT 1) r WHERE s.visit IS NOT NULL AND a.login = 'inspector';
INSERT INTO survey_user (district, visit, serial, name, on_record) SELECT '330105', id, 1, '示例作坊', false FROM survey_visit;
INSERT INTO survey_difference (district, id, round, parcel, visit, code, subdistrict, kind, registered, found, proposal, state, found_on, found_by,
        found_by_name, recorded_at, decided_at, decided_by, decided_by_name, reason)
    SELECT '330105', md5('d' || s.id)::uuid, s.round, s.id, s.visit, s.code, s.subdistrict, (ARRAY['tenant', 'supply_status', 'land_use'])[1 + abs(hashtext(s.id::text)) % 3], '已利用', '闲置', '{"supply_status":"idle"}',
        d.state, s.visited_on, a.id, a.name, timestamptz '2026-10-02', CASE d.state WHEN 'refused' THEN timestamptz '2026-10-03' END,
        CASE d.state WHEN 'refused' THEN b.id END, CASE d.state WHEN 'refused' THEN b.name END, CASE d.state WHEN 'refused' THEN '不属实' END
    FROM survey_parcel s, account a, account b, LATERAL (SELECT CASE WHEN hashtext(s.code) % 10 = 0 THEN 'proposed' ELSE 'refused' END AS state) d
    WHERE s.visit IS NOT NULL AND a.login = 'inspector' AND b.login = 'contract';
-- Joint enforcement: campaigns with a visit to each of their enterprises, and what was found there.
INSERT INTO enforcement_campaign (district, id, year, serial, name, document, lead, departments, due, inspector, state, opened_on, opened_at, opened_by,
        opened_by_name)
    SELECT '330105', again('00000000-0000-0000-0000-000000000030', n), 2020 + n % 7, n, '行动' || n, '文件', 'environment', '{tax,environment,safety}',
        date '2026-12-31', b.id, 'open', date '2026-01-01', timestamptz '2026-01-01', a.id, a.name
    FROM generate_series(1, 60) n, account a, account b WHERE a.login = 'evaluator' AND b.login = 'inspector';
INSERT INTO inspection_task (district, id, parcel_code, subdistrict, stage, checklist, purpose, subject, obligation, due, assignee, state, created_at, created_by)
    SELECT '330105', again('00000000-0000-0000-0000-000000000031', n), t.parcel_code, t.subdistrict, 'joint_enforcement',
        'joint-enforcement-2019:tax,environment,safety', '联合检查', '联合执法 ' || n % 60, 'E' || n, date '2026-12-31', t.assignee,
        CASE WHEN n % 40 = 0 THEN 'reported' WHEN n % 20 = 0 THEN 'open' ELSE 'closed' END, timestamptz '2026-01-01', '示例'
    FROM generate_series(1, 6000) n, (SELECT * FROM inspection_task LIMIT 1) t;
INSERT INTO inspection_visit (district, id, task, outcome, device_at, received_at, account, actor, fingerprint)
    SELECT '330105', again('00000000-0000-0000-0000-000000000032', n), again('00000000-0000-0000-0000-000000000031', n), 'fail',
        timestamptz '2026-02-01', timestamptz '2026-02-01', a.id, a.name, sha256(n::text::bytea)
    FROM generate_series(1, 6000) n, account a WHERE a.login = 'inspector' AND (n % 40 = 0 OR n % 20 > 0);
INSERT INTO enforcement_target (district, id, campaign, uscc, name, parcel, subdistrict, task, state, visit, visited_on, handed_on, handed_by, handed_by_name,
        present, findings)
    SELECT '330105', again('00000000-0000-0000-0000-000000000033', n), again('00000000-0000-0000-0000-000000000030', 1 + n % 60),
        '91330105' || lpad(n::text, 10, '0'), '企业' || n, '330105014001GB' || lpad((n % 3000)::text, 5, '0'), '33010501' || n % 8,
        again('00000000-0000-0000-0000-000000000031', n), CASE WHEN d.over THEN 'handed_over' ELSE 'awaiting' END,
        CASE WHEN d.over THEN again('00000000-0000-0000-0000-000000000032', n) END, CASE WHEN d.over THEN date '2026-02-01' END,
        CASE WHEN d.over THEN date '2026-02-01' END, CASE WHEN d.over THEN a.id END, CASE WHEN d.over THEN a.name END,
        CASE WHEN d.over THEN '{}'::jsonb END, CASE WHEN d.over THEN 1 ELSE 0 END
    FROM generate_series(1, 6000) n, account a, LATERAL (SELECT n % 20 > 0 AS over) d WHERE a.login = 'evaluator';
INSERT INTO enforcement_finding (district, id, year, serial, campaign, target, uscc, name, parcel, subdistrict, department, item, question, basis, words,
        found_on, handed_on, handed_by, handed_by_name, state, due, order_document, ordered_by, closed_on, closed_by)
    SELECT '330105', md5('f' || t.id)::uuid, 2026, row_number() OVER (ORDER BY t.uscc), t.campaign, t.id, t.uscc, t.name, t.parcel, t.subdistrict,
        (ARRAY['tax', 'environment', 'safety'])[1 + h.n % 3], 'books', '事项', '依据', '问题', t.visited_on, t.handed_on, t.handed_by, t.handed_by_name, s.state,
        CASE WHEN s.state <> 'rectified' THEN date '2026-10-01' + h.n % 400 END, CASE WHEN s.state IN ('ordered', 'rectified') THEN '文件' END,
        CASE WHEN s.state IN ('ordered', 'rectified') THEN t.handed_by END, CASE WHEN s.state = 'rectified' THEN date '2026-06-01' END,
        CASE WHEN s.state = 'rectified' THEN b.id END
    FROM enforcement_target t, account b, LATERAL (SELECT abs(hashtext(t.uscc)) AS n) h,
        LATERAL (SELECT CASE WHEN h.n % 20 = 0 THEN (ARRAY['handed_over', 'filed', 'ordered'])[1 + h.n / 20 % 3] ELSE 'rectified' END AS state) s
    WHERE t.state = 'handed_over' AND b.login = 'environment';
INSERT INTO enforcement_step (district, finding, step, state, words, done_on, at, actor)
    SELECT '330105', f.id, 'hand_over', 'handed_over', '问题', f.handed_on, timestamptz '2026-02-01', '示例' FROM enforcement_finding f;
INSERT INTO enforcement_veto (district, id, finding, uscc, subdistrict, kind, happened_on, document, words, state, proposed_at, proposed_by, proposed_by_name)
    SELECT '330105', md5('v' || f.id)::uuid, f.id, f.uscc, f.subdistrict, 'tax_offence', f.found_on, '文件', '理由', 'proposed', timestamptz '2026-03-01', a.id, a.name
    FROM enforcement_finding f, account a WHERE a.login = 'tax' AND f.serial % 100 = 0;
-- Files of remediation in every state, of enterprises that the registers do not know, with papers and tasks of each.
INSERT INTO remediation_file (district, id, year, serial, subject_kind, subject, name, subdistrict, state, due, way, plan_due, lead, planned_on,
        planned_by, planned_by_name, suspended_on, accepted_on, struck_off_on, struck_off_by, struck_off_by_name, strike_document, contract,
        relapse_of, opened_at, opened_on, opened_by_name)
    SELECT '330105', again('00000000-0000-0000-0000-000000000010', n), 2020 + n % 7, n, 'enterprise', 'R' || lpad((n % 2900)::text, 17, '0'), '企业' || n,
        '33010501' || n % 8, s.state, CASE WHEN s.state NOT IN ('looked_back', 'dropped') THEN date '2026-11-01' + n % 400 END, 'close', date '2027-06-30',
        'environment', date '2026-01-01', a.id, a.name, CASE s.state WHEN 'suspended' THEN date '2026-06-01' END,
        CASE WHEN s.state IN ('accepted', 'struck_off', 'looked_back') THEN date '2026-07-01' END,
        CASE WHEN s.state IN ('struck_off', 'looked_back') THEN date '2026-07-02' END,
        CASE WHEN s.state IN ('struck_off', 'looked_back') THEN b.id END, CASE WHEN s.state IN ('struck_off', 'looked_back') THEN b.name END,
        CASE WHEN s.state IN ('struck_off', 'looked_back') THEN '文件' END, CASE WHEN n % 50 = 0 THEN '合同' || n END,
        CASE WHEN n > 2900 THEN again('00000000-0000-0000-0000-000000000010', n - 2900) END, timestamptz '2026-01-01' + n * interval '1 minute', '2026-01-01', '示例'
    FROM generate_series(1, 3000) n, account a, account b, LATERAL (SELECT CASE WHEN n > 2900 OR n <= 100 THEN (ARRAY['struck_off', 'looked_back'])[1 + n % 2]
        ELSE (ARRAY['surveyed', 'verified', 'planned', 'noticed', 'heard', 'carrying_out', 'suspended', 'acceptance_asked', 'accepted', 'struck_off', 'looked_back',
            'dropped'])[1 + n % 12] END AS state) s WHERE a.login = 'evaluator' AND b.login = 'approver';
INSERT INTO remediation_ground (district, file, serial, ground, year, words, receipt, recorded_at, recorded_by)
    SELECT '330105', f.id, 1, (ARRAY['below_line', 'grade_d'])[1 + (f.serial % 30 = 0)::int], 2024, '事由', r.id, f.opened_at, '示例'
    FROM remediation_file f, (SELECT id FROM receipt WHERE check_name = 'evaluation.run' LIMIT 1) r;
INSERT INTO remediation_step (district, file, step, state, happened_on, reason, at, actor)
    SELECT '330105', f.id, 'open', 'surveyed', f.opened_on, '事由', f.opened_at, '示例' FROM remediation_file f;
INSERT INTO remediation_task (district, id, file, kind, department, what, due, set_at, set_by)
    SELECT '330105', gen_random_uuid(), f.id, 'order', (ARRAY['environment', 'safety', 'tax', 'land'])[1 + f.serial % 4], '责令', date '2026-12-31', f.opened_at, '示例'
    FROM remediation_file f;
INSERT INTO remediation_evidence (district, id, file, kind, taken_on, name, media_type, bytes, sha256, recorded_at, recorded_by)
    SELECT '330105', gen_random_uuid(), f.id, 'photo_before', f.opened_on, '照片.jpg', 'image/jpeg', 14, sha256(f.id::text::bytea), f.opened_at, '示例'
    FROM remediation_file f;
INSERT INTO remediation_agreement (district, file, round, department, account, planned_by, name, opinion, at)
    SELECT '330105', f.id, 0, 'land', b.id, f.planned_by, b.name, '同意', f.opened_at
    FROM remediation_file f, account b WHERE b.login = 'approver';
INSERT INTO leading_group_member (district, id, name, organisation, post, valid, document, recorded_at, recorded_by)
    SELECT '330105', gen_random_uuid(), '示例成员' || n, '示例单位', 'member', daterange('2020-01-01', NULL), '示例文件', timestamptz '2026-01-01', '示例'
    FROM generate_series(1, 30) n;
INSERT INTO leading_group_resolution (district, id, number, decided_on, matter, words, scan_name, scan_media_type, scan_bytes, scan_sha256, recorded_at, recorded_by)
    SELECT '330105', gen_random_uuid(), '示例〔2024〕' || n || '号', '2024-01-01', 'signature', '示例决议', '决议.pdf', 'application/pdf', 14, sha256('x'),
        timestamptz '2026-01-01', '示例'
    FROM generate_series(1, 60) n;
INSERT INTO evaluation_veto (district, id, uscc, kind, happened_on, valid, department, document, recorded_at, recorded_by)
    SELECT '330105', again('00000000-0000-0000-0000-000000000009', n), 'V' || n % 900, 'tax_offence', date '2015-01-01' + n, daterange(date '2015-01-01' + n, date '2016-01-01' + n),
        'tax', '文件' || n, timestamptz '2026-01-01', '示例'
    FROM generate_series(1, 4000) n;
INSERT INTO evaluation_exemption (district, id, uscc, kind, valid, document, recorded_at, recorded_by)
    SELECT '330105', again('00000000-0000-0000-0000-00000000000a', n), 'V' || n, 'exempt', daterange('2020-01-01', NULL), '文件', timestamptz '2026-01-01', '示例'
    FROM generate_series(1, 3000) n;
INSERT INTO evaluation_claim (district, id, uscc, year, side, item, times, document, recorded_at, recorded_by)
    SELECT '330105', again('00000000-0000-0000-0000-00000000000b', n), 'V' || n, 2015 + n % 10, 'bonus', 'patent', 1, '文件', timestamptz '2026-01-01', '示例'
    FROM generate_series(1, 3000) n;
INSERT INTO evaluation_change (district, id, category, year, uscc, grade, document, why, proposed_at, proposed_by, proposed_by_name, state)
    SELECT '330105', again('00000000-0000-0000-0000-00000000000c', n), 'industry_above', 2015 + n % 10, 'V' || n, 'B', '文件', '核实', timestamptz '2026-01-01', a.id, a.name, 'proposed'
    FROM generate_series(1, 3000) n, account a WHERE a.login = 'evaluator';
INSERT INTO evaluation_coefficient (district, id, category, year, uscc, value, document, recorded_at, recorded_by)
    SELECT '330105', again('00000000-0000-0000-0000-00000000000d', n), 'industry_above', 2015 + n % 10, 'V' || n, 0.9, '文件', timestamptz '2026-01-01', '示例'
    FROM generate_series(1, 3000) n;
INSERT INTO platform (district, id, code, name, kind, level, valid, document, recorded_at, recorded_by)
    SELECT '330105', again('00000000-0000-0000-0000-00000000000f', n), 'P' || n, '平台' || n, 'industrial_park', 1 + n % 5, daterange('2018-01-01', NULL), '文件', timestamptz '2026-01-01', '示例'
    FROM generate_series(1, 3000) n;
INSERT INTO evaluation_list (district, id, list, subject_kind, subject, valid, document, recorded_at, recorded_by)
    SELECT '330105', again('00000000-0000-0000-0000-00000000000e', n), 'list_' || n % 20, 'enterprise', 'S' || n, daterange('2018-01-01', NULL), '文件', timestamptz '2026-01-01', '示例'
    FROM generate_series(1, 4000) n;
INSERT INTO utility_account (district, id, body, customer, uscc, share, valid, document, recorded_at, recorded_by)
    SELECT '330105', again('00000000-0000-0000-0000-000000000010', n), (ARRAY['power', 'water', 'gas'])[1 + n % 3], 'C' || n, 'V' || n % 3000, NULL,
        daterange('2020-01-01', NULL), '文件', timestamptz '2026-01-01', '示例'
    FROM generate_series(1, 6000) n;
-- Measures carried out: a list, what was reported of it, a reconciliation and an audit of it.
INSERT INTO allocation_list (district, id, body, year, quarter, drawn_on, enterprises, lines, due_yuan, document, recorded_at, recorded_by)
    SELECT '330105', again('00000000-0000-0000-0000-000000000011', n), (ARRAY['power', 'water', 'gas', 'sewage', 'banks', 'rating_agencies', 'tax',
            'finance', 'land', 'environment'])[1 + n % 10], 2020 + n / 40, 1 + n / 10 % 4, make_date(2020 + n / 40, 1 + n / 10 % 4 * 3, 10), 0, 0, 0, '文件',
        timestamptz '2026-01-01' + n * interval '1 minute', '示例'
    FROM generate_series(0, 199) n;
INSERT INTO allocation_line (district, list, uscc, measure, name, subdistrict, title, article, grade, years, kind, outcome, per_unit, amount, why,
        accounts, receipt)
    SELECT '330105', again('00000000-0000-0000-0000-000000000011', n % 20), 'V' || lpad(n::text, 17, '0'), 'm/' || n % 3, '企业' || n, '33010501' || n % 8,
        '措施', '文件', 'D', 1, 'amount', 'due', 0.05, 100, '', ARRAY['C' || n], r.id
    FROM generate_series(1, 20000) n, (SELECT id FROM receipt WHERE check_name = 'evaluation.run' LIMIT 1) r;
INSERT INTO allocation_report (district, id, body, year, quarter, uscc, measure, done, amount, document, recorded_at, recorded_by)
    SELECT '330105', again('00000000-0000-0000-0000-000000000012', n), 'power', 2020, 1, 'V' || lpad(n::text, 17, '0'), 'm/' || n % 3, true, 100, '文件',
        timestamptz '2026-01-01' + n * interval '1 second', '示例'
    FROM generate_series(1, 10000) n;
INSERT INTO allocation_reconciliation (district, id, year, quarter, lines, gaps, totals, receipt, computed_at, computed_by)
    SELECT '330105', again('00000000-0000-0000-0000-000000000013', n), 2020, 1, 0, 0, '[]', r.id, timestamptz '2026-01-01' + n * interval '1 minute', '示例'
    FROM generate_series(1, 60) n, (SELECT id FROM receipt WHERE check_name = 'evaluation.run' LIMIT 1) r;
INSERT INTO allocation_reconciled (district, reconciliation, uscc, measure, body, name, subdistrict, title, grade, due, done, finding, why, input)
    SELECT '330105', again('00000000-0000-0000-0000-000000000013', 1 + n % 2), 'V' || lpad(n::text, 17, '0'), 'm/' || n % 3, 'power', '企业' || n,
        '33010501' || n % 8, '措施', 'D', 100, 100, (ARRAY['agrees', 'too_much', 'against', 'under_way'])[1 + n % 4], '', '{}'
    FROM generate_series(1, 20000) n;
INSERT INTO allocation_audit (district, id, year, serial, reconciliation, seed, percent, only_gaps, among, drawn, drawn_at, drawn_by)
    SELECT '330105', again('00000000-0000-0000-0000-000000000014', n), 2020, n, again('00000000-0000-0000-0000-000000000013', 1), '种子', 10, false, 10000, 1000,
        timestamptz '2026-01-01' + n * interval '1 minute', '示例'
    FROM generate_series(1, 60) n;
INSERT INTO allocation_drawn (district, audit, uscc, measure)
    SELECT '330105', again('00000000-0000-0000-0000-000000000014', (1 + n % 3)::int), l.uscc, l.measure
    FROM (SELECT uscc, measure, row_number() OVER (ORDER BY uscc) AS n FROM allocation_reconciled
          WHERE reconciliation = again('00000000-0000-0000-0000-000000000013', 1)) l;
INSERT INTO allocation_finding (district, id, year, serial, audit, uscc, measure, body, name, subdistrict, finding, words, state, due, opened_at, opened_on,
        opened_by, opened_by_name)
    SELECT '330105', gen_random_uuid(), 2020, row_number() OVER (ORDER BY d.uscc), d.audit, d.uscc, d.measure, 'power', '企业', '330105011', 'against', '问题',
        'opened', date '2026-12-01', timestamptz '2026-01-01', '2026-01-01', a.id, a.name
    FROM allocation_drawn d, account a WHERE a.login = 'auditor' AND d.audit = again('00000000-0000-0000-0000-000000000014', 1);
INSERT INTO allocation_step (district, finding, step, state, words, at, actor)
    SELECT '330105', f.id, 'open', 'opened', '问题', f.opened_at, '示例' FROM allocation_finding f;

-- One person with every role of the bureau, who makes the drafts.
UPDATE account SET roles = (SELECT array_agg(DISTINCT role) FROM account, unnest(roles) role WHERE subdistrict IS NULL) WHERE login = 'contract';
UPDATE admission_case SET created_by = (SELECT id FROM account WHERE login = 'contract') WHERE stage = 'draft';

SET session_replication_role = origin;
ANALYZE;
