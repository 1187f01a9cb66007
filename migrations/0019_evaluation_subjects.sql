-- Who is evaluated beside enterprises: the register of platforms, dated lists that name their members, and the bound of the law
-- on grades that are given without a place. 一(二), 二(一)1 of the governing text.

SET LOCAL lock_timeout = '5s';

-- Industrial platforms: what each was from when to when, with its stars or level of that time. Which enterprises belong to one is
-- said by their own entry in the register (enterprise_version.platform: its code or its name).
CREATE TABLE platform (
    district county_code NOT NULL REFERENCES district,
    id uuid NOT NULL,
    code text NOT NULL CONSTRAINT platform_code CHECK (code ~ '^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$'),
    name text NOT NULL CHECK (btrim(name) <> '' AND name = btrim(name)),
    kind text NOT NULL CHECK (kind ~ '^[a-z_]+$'),
    -- Stars or level, 1 to 5; none where it was never rated.
    level smallint CHECK (level BETWEEN 1 AND 5),
    -- Its own area, exactly as stated; none where not on record.
    area_mu numeric CHECK (area_mu > 0 AND area_mu <= 1500000 AND min_scale(area_mu) <= 16),
    valid daterange NOT NULL CHECK (NOT isempty(valid) AND NOT lower_inf(valid)),
    document text NOT NULL CHECK (btrim(document) <> ''),
    recorded_at timestamptz NOT NULL,
    recorded_by text NOT NULL,
    withdrawn_at timestamptz,
    withdrawn_by text,
    withdrawn_reason text,
    PRIMARY KEY (district, id),
    CHECK ((withdrawn_at IS NULL) = (withdrawn_by IS NULL)),
    CHECK (withdrawn_at IS NULL OR btrim(COALESCE(withdrawn_reason, '')) <> ''),
    CONSTRAINT platform_once EXCLUDE USING gist (district WITH =, code WITH =, valid WITH &&) WHERE (withdrawn_at IS NULL),
    CONSTRAINT platform_named_once EXCLUDE USING gist (district WITH =, name WITH =, valid WITH &&) WHERE (withdrawn_at IS NULL)
);
CREATE INDEX platform_listed ON platform (district, code, id);

-- Members of a list from when to when, by document: key platforms, enterprises of a pilot, whatever a scheme's population names.
CREATE TABLE evaluation_list (
    district county_code NOT NULL REFERENCES district,
    id uuid NOT NULL,
    list text NOT NULL CONSTRAINT evaluation_list_code CHECK (list ~ '^[a-z0-9_]{1,40}$'),
    subject_kind text NOT NULL CHECK (subject_kind IN ('enterprise', 'platform', 'parcel')),
    subject text NOT NULL,
    valid daterange NOT NULL CHECK (NOT isempty(valid) AND NOT lower_inf(valid)),
    document text NOT NULL CHECK (btrim(document) <> ''),
    recorded_at timestamptz NOT NULL,
    recorded_by text NOT NULL,
    withdrawn_at timestamptz,
    withdrawn_by text,
    withdrawn_reason text,
    PRIMARY KEY (district, id),
    CHECK ((withdrawn_at IS NULL) = (withdrawn_by IS NULL)),
    CHECK (withdrawn_at IS NULL OR btrim(COALESCE(withdrawn_reason, '')) <> ''),
    CONSTRAINT evaluation_list_once
        EXCLUDE USING gist (district WITH =, list WITH =, subject_kind WITH =, subject WITH =, valid WITH &&)
        WHERE (withdrawn_at IS NULL)
);
CREATE INDEX evaluation_list_members ON evaluation_list (district, list, subject, id);

-- Who names a platform. Few do, so that it is built in one short pass over the register.
CREATE INDEX enterprise_version_platform ON enterprise_version (district, platform, uscc)
    WHERE superseded_at IS NULL AND platform IS NOT NULL;

-- 二(一)4: industry is graded by rank within the shares; a grade that takes no place departs from them.
CREATE FUNCTION policy_scheme_fixed(content jsonb) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT COALESCE(content ->> 'category' NOT IN ('industry_above', 'industry_below') OR policy_scheme_departs(content)
                    OR COALESCE(jsonb_array_length(NULLIF(content #> '{population,fixed}', 'null')), 0) = 0, false)
$$;
ALTER TABLE policy_scheme ADD CONSTRAINT policy_scheme_fixed_in_law
    CHECK (adoption <> 'adopted' OR policy_scheme_fixed(content));
