-- The transition of a major project lasts at most three years, as the other two of 二(一)3 do: it needs the day its
-- construction began. Where that is not on record, the earliest day from which the project is known counts.
ALTER TABLE enterprise_version ADD COLUMN project_since date;
COMMENT ON COLUMN enterprise_version.project_since IS 'the day the construction of a major project began (重大项目开工)';
ALTER TABLE staging_enterprise ADD COLUMN project_since date;

DROP INDEX enterprise_version_current;
CREATE INDEX enterprise_version_current ON enterprise_version (district, uscc, lower(valid) DESC)
    INCLUDE (valid, name, state, sector, size_class, industry_edition, industry_code, subdistrict, established_on,
             above_size_since, project_since, project_until)
    WHERE superseded_at IS NULL;

-- A start alone says nothing of an end, and an end comes after its start.
ALTER TABLE enterprise_version ADD CONSTRAINT enterprise_version_project
    CHECK (project_since IS NULL OR (project_until IS NOT NULL AND project_since <= project_until));
