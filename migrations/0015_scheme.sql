-- Schemes of evaluation that a district publishes, and the bounds of the law on them.
SET LOCAL lock_timeout = '5s';

ALTER TABLE policy_submission DROP CONSTRAINT policy_submission_kind_check;
ALTER TABLE policy_submission ADD CONSTRAINT policy_submission_kind
    CHECK (kind IN ('documents', 'standards', 'directory', 'schemes'));

-- What the law says of a scheme, asked of the JSON in which it is published. The program asks the same of dated parameters and
-- says what is wrong; these keep a row out that came by another way. Where the law changes, a later file replaces them.

-- A document of the leading group lifts 一般 and 原则上, and nothing else.
CREATE FUNCTION policy_scheme_departs(content jsonb) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT COALESCE(btrim(content ->> 'departure') <> '', false)
$$;

-- 二(一)3: the six indicators, each at most 35, together 100; 30, 20 and 10 at least.
CREATE FUNCTION policy_scheme_weights(content jsonb) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT COALESCE(content ->> 'category' <> 'industry_above' OR (
        SELECT array_agg(name ORDER BY name COLLATE "C") = ARRAY['labour_productivity', 'rd_share', 'tax_per_mu',
                   'value_added_per_emission', 'value_added_per_mu', 'value_added_per_tce']
               AND sum(weight) = 100 AND max(weight) <= 35
               AND (policy_scheme_departs(content)
                    OR bool_and(weight >= CASE name WHEN 'tax_per_mu' THEN 30 WHEN 'value_added_per_mu' THEN 20 ELSE 10 END))
        FROM (SELECT it ->> 'indicator' AS name, (it ->> 'weight')::numeric AS weight
              FROM jsonb_array_elements(content -> 'indicators') AS it) AS indicators), false)
$$;

-- 二(一)4: A, B, C, D; A at most 20 from the top and D at most 5 from the bottom.
CREATE FUNCTION policy_scheme_quotas(content jsonb) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT COALESCE(content ->> 'category' NOT IN ('industry_above', 'industry_below') OR (
        SELECT array_agg(band ->> 'grade' ORDER BY place) = ARRAY['A', 'B', 'C', 'D']
               AND (policy_scheme_departs(content) OR 2 = count(*) FILTER (
                   WHERE band #>> '{quota,operator}' = 'at_most'
                   AND (band ->> 'grade', band #>> '{quota,side}') IN (('A', 'top'), ('D', 'bottom'))
                   AND (band #>> '{quota,percent}')::numeric <= CASE band ->> 'grade' WHEN 'A' THEN 20 ELSE 5 END))
        FROM jsonb_array_elements(content -> 'grades') WITH ORDINALITY AS grades (band, place)), false)
$$;

-- 二(一)4: whoever a veto acts on is never A or B, in any category.
CREATE FUNCTION policy_scheme_veto(content jsonb) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT COALESCE(content #>> '{veto,becomes}' NOT IN ('A', 'B') AND NOT EXISTS (
        SELECT FROM jsonb_array_elements(content -> 'grades') AS band
        WHERE band ->> 'grade' IN ('A', 'B') AND NOT (content #> '{veto,bars}') ? (band ->> 'grade')), false)
$$;

-- 二(一)2: a base is the mean of three years times 1.5, revised every third year, and never typed.
CREATE FUNCTION policy_scheme_benchmarks(content jsonb) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT COALESCE(content ->> 'category' NOT IN ('industry_above', 'industry_below', 'services_above') OR (
        SELECT bool_and(standard IS NULL OR COALESCE((standard #>> '{benchmark,factor}')::numeric = 1.5
                        AND (standard #>> '{benchmark,years}')::integer = 3
                        AND ((standard #>> '{benchmark,revised_for}')::integer - 2019) % 3 = 0, false))
        FROM (SELECT NULLIF(COALESCE(it #> '{family,to_base,standard}', it #> '{family,steps,standard}'), 'null') AS standard
              FROM jsonb_array_elements(content -> 'indicators') AS it) AS bases), false)
$$;

-- A row is here only while its submission is published, and a submission is published only by a second person. Nothing about
-- it is changed but an open end of its years.
CREATE TABLE policy_scheme (
    district county_code NOT NULL,
    category text NOT NULL CHECK (category IN
        ('industry_above', 'industry_below', 'services_above', 'platform', 'high_tech', 'low_efficiency_land')),
    id text NOT NULL,
    adoption text NOT NULL CHECK (adoption IN ('example', 'adopted')),
    -- The years it evaluates.
    years int4range NOT NULL CHECK (NOT isempty(years) AND NOT lower_inf(years)),
    content jsonb NOT NULL,
    submission uuid NOT NULL,
    submission_state text NOT NULL DEFAULT 'published' CHECK (submission_state = 'published'),
    PRIMARY KEY (district, id),
    FOREIGN KEY (district, submission, submission_state) REFERENCES policy_submission (district, id, state)
        DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT policy_scheme_is_its_content CHECK (
        content ->> 'id' = id AND content ->> 'category' = category AND content ->> 'adoption' = adoption
        AND (content ->> 'from_year')::integer = lower(years)),
    CONSTRAINT policy_scheme_overlap EXCLUDE USING gist (district WITH =, category WITH =, years WITH &&)
        WHERE (adoption = 'adopted'),
    CONSTRAINT policy_scheme_weights_in_law CHECK (adoption <> 'adopted' OR policy_scheme_weights(content)),
    CONSTRAINT policy_scheme_quotas_in_law CHECK (adoption <> 'adopted' OR policy_scheme_quotas(content)),
    CONSTRAINT policy_scheme_veto_in_law CHECK (adoption <> 'adopted' OR policy_scheme_veto(content)),
    CONSTRAINT policy_scheme_benchmarks_in_law CHECK (adoption <> 'adopted' OR policy_scheme_benchmarks(content))
);
