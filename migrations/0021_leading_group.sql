-- The leading group of the reform (五(一) of the governing text): who sits in it, its meetings, and what it resolved.
SET LOCAL lock_timeout = '5s';

CREATE TABLE leading_group_member (
    district county_code NOT NULL REFERENCES district,
    id uuid NOT NULL,
    name text NOT NULL CHECK (btrim(name) <> ''),
    organisation text NOT NULL CHECK (btrim(organisation) <> ''),
    post text NOT NULL CHECK (post IN ('leader', 'deputy', 'member', 'office')),
    valid daterange NOT NULL CHECK (NOT isempty(valid) AND NOT lower_inf(valid)),
    document text NOT NULL CHECK (btrim(document) <> ''),
    recorded_at timestamptz NOT NULL,
    recorded_by text NOT NULL,
    -- The document by which it ended.
    ended_by text,
    PRIMARY KEY (district, id),
    CHECK (ended_by IS NULL OR (btrim(ended_by) <> '' AND NOT upper_inf(valid))),
    -- 由区政府主要领导任组长: one at a time.
    CONSTRAINT leading_group_one_leader EXCLUDE USING gist (district WITH =, valid WITH &&) WHERE (post = 'leader'),
    CONSTRAINT leading_group_one_seat EXCLUDE USING gist (district WITH =, name WITH =, organisation WITH =, valid WITH &&)
);
CREATE INDEX leading_group_member_newest ON leading_group_member (district, lower(valid) DESC, id);

CREATE TABLE leading_group_meeting (
    district county_code NOT NULL REFERENCES district,
    id uuid NOT NULL,
    held_on date NOT NULL,
    -- Of the minutes.
    number text NOT NULL CHECK (btrim(number) <> ''),
    title text NOT NULL CHECK (btrim(title) <> ''),
    attended text NOT NULL DEFAULT '',
    recorded_at timestamptz NOT NULL,
    recorded_by text NOT NULL,
    PRIMARY KEY (district, id)
);
CREATE UNIQUE INDEX leading_group_meeting_once ON leading_group_meeting (district, number);
CREATE INDEX leading_group_meeting_newest ON leading_group_meeting (district, held_on DESC, id);

CREATE TABLE leading_group_resolution (
    district county_code NOT NULL REFERENCES district,
    id uuid NOT NULL,
    number text NOT NULL CHECK (btrim(number) <> ''),
    decided_on date NOT NULL,
    matter text NOT NULL CHECK (matter IN ('departure', 'signature', 'objection', 'lists', 'other')),
    words text NOT NULL CHECK (btrim(words) <> ''),
    meeting uuid,
    scan_name text,
    scan_media_type text CHECK (scan_media_type IN ('application/pdf', 'image/jpeg', 'image/png', 'image/webp')),
    scan_bytes bigint CHECK (scan_bytes > 0),
    scan_sha256 bytea CHECK (length(scan_sha256) = 32),
    recorded_at timestamptz NOT NULL,
    recorded_by text NOT NULL,
    withdrawn_at timestamptz,
    withdrawn_by text,
    withdrawn_reason text,
    PRIMARY KEY (district, id),
    FOREIGN KEY (district, meeting) REFERENCES leading_group_meeting,
    CHECK (num_nulls(scan_name, scan_media_type, scan_bytes, scan_sha256) IN (0, 4)),
    CHECK (num_nulls(withdrawn_at, withdrawn_by, withdrawn_reason) IN (0, 3)),
    CHECK (withdrawn_reason IS NULL OR btrim(withdrawn_reason) <> '')
);
-- One number is one resolution; a withdrawn one may be entered again as it should have been.
CREATE UNIQUE INDEX leading_group_resolution_once ON leading_group_resolution (district, number) WHERE withdrawn_at IS NULL;
CREATE INDEX leading_group_resolution_newest ON leading_group_resolution (district, decided_on DESC, id);

-- What made a run official. Runs signed before carry the document alone.
ALTER TABLE evaluation_run ADD COLUMN resolution uuid;
ALTER TABLE evaluation_run ADD CONSTRAINT evaluation_run_resolution
    FOREIGN KEY (district, resolution) REFERENCES leading_group_resolution NOT VALID;
