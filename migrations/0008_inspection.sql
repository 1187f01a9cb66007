-- Inspections: what a person was sent to look at, each visit with its answers, and the photos taken there.
-- A second visit is a new row; what the first found stays.

CREATE TABLE inspection_task (
    district county_code NOT NULL REFERENCES district,
    id uuid NOT NULL,
    parcel_code text NOT NULL CHECK (parcel_code ~ '^\d{12}[GJZ][ABSXCDEFGHWY]\d{5}$'),
    subdistrict text NOT NULL,
    stage text NOT NULL CHECK (stage IN ('construction', 'production', 'remaining_term', 'idle_suspicion', 'low_efficiency')),
    checklist text NOT NULL,
    purpose text NOT NULL,
    subject text,
    obligation text,
    due date NOT NULL,
    assignee uuid,
    state text NOT NULL CHECK (state IN ('open', 'under_way', 'reported', 'closed', 'cancelled')),
    version integer NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL,
    created_by text NOT NULL,
    PRIMARY KEY (district, id),
    UNIQUE (district, subject, obligation, due),
    FOREIGN KEY (district, assignee) REFERENCES account,
    CHECK ((subject IS NULL) = (obligation IS NULL))
);
COMMENT ON COLUMN inspection_task.subdistrict IS 'where the parcel lay when the task was made: who may see it';
COMMENT ON COLUMN inspection_task.checklist IS 'the edition of the checklist that is asked';
COMMENT ON COLUMN inspection_task.subject IS 'opaque to this room: the contract, the enterprise or the file that asked for the visit';
-- Lists of tasks, each in the order in which its pages follow one another.
CREATE INDEX inspection_task_list ON inspection_task (district, due, id);
CREATE INDEX inspection_task_assignee ON inspection_task (district, assignee, due, id);
CREATE INDEX inspection_task_state ON inspection_task (district, state, due, id);
CREATE INDEX inspection_task_stage ON inspection_task (district, stage, due, id);
CREATE INDEX inspection_task_lies ON inspection_task (district, subdistrict, due, id);
CREATE INDEX inspection_task_waiting ON inspection_task (district, assignee, due) WHERE state IN ('open', 'under_way');
CREATE INDEX inspection_task_parcel ON inspection_task (district, parcel_code);

-- Each step of a task, in order: who, when, why.
CREATE TABLE inspection_step (
    district county_code NOT NULL,
    task uuid NOT NULL,
    seq integer NOT NULL,
    step text NOT NULL CHECK (step IN ('assign', 'start', 'report', 'revisit', 'reassign', 'close', 'cancel', 'adopt')),
    state text NOT NULL,
    reason text,
    at timestamptz NOT NULL,
    actor text NOT NULL,
    PRIMARY KEY (district, task, seq),
    FOREIGN KEY (district, task) REFERENCES inspection_task
);

-- A result that arrived after its task had ended or gone to somebody else is kept aside. Another person than the one who
-- recorded it may adopt it, with a reason; what was found before stays.
CREATE TABLE inspection_visit (
    district county_code NOT NULL,
    id uuid NOT NULL,
    task uuid NOT NULL,
    outcome text NOT NULL CHECK (outcome IN ('pass', 'fail', 'incomplete')),
    note text,
    device_at timestamptz NOT NULL,
    received_at timestamptz NOT NULL,
    place geometry(Point, 4490),
    accuracy_m numeric CHECK (accuracy_m >= 0),
    account uuid NOT NULL,
    actor text NOT NULL,
    conflict text CHECK (conflict IN ('cancelled', 'closed', 'reassigned')),
    fingerprint bytea NOT NULL,
    adopted_at timestamptz,
    adopted_by uuid,
    adopted_by_name text,
    adopted_reason text,
    PRIMARY KEY (district, id),
    FOREIGN KEY (district, task) REFERENCES inspection_task,
    FOREIGN KEY (district, account) REFERENCES account,
    FOREIGN KEY (district, adopted_by) REFERENCES account,
    CONSTRAINT inspection_visit_adopted CHECK (
        (adopted_at IS NULL AND adopted_by IS NULL AND adopted_by_name IS NULL AND adopted_reason IS NULL)
        OR (adopted_at IS NOT NULL AND adopted_by IS NOT NULL AND adopted_by_name IS NOT NULL AND btrim(adopted_reason) <> ''
            AND conflict IS NOT NULL)),
    CONSTRAINT inspection_visit_four_eyes CHECK (adopted_by <> account)
);
COMMENT ON COLUMN inspection_visit.id IS 'made on the phone, so that a result sent twice is one result';
COMMENT ON COLUMN inspection_visit.conflict IS 'what had become of the task meanwhile: the result is kept and moves nothing';
CREATE INDEX inspection_visit_task ON inspection_visit (district, task, received_at);

CREATE TABLE inspection_answer (
    district county_code NOT NULL,
    visit uuid NOT NULL,
    item text NOT NULL,
    place smallint NOT NULL,
    answer text NOT NULL CHECK (answer IN ('pass', 'fail', 'not_applicable', 'not_seen')),
    figure numeric,
    comment text,
    PRIMARY KEY (district, visit, item),
    FOREIGN KEY (district, visit) REFERENCES inspection_visit,
    CHECK (answer <> 'fail' OR btrim(comment) <> '')
);

-- Photos arrive one by one before the result that names them; until it has come they belong to a visit that is on its way.
-- The pictures themselves lie in files named by their hash and hold no metadata: place and time stand only here.

CREATE TABLE inspection_photo (
    district county_code NOT NULL,
    id uuid NOT NULL,
    task uuid NOT NULL,
    visit uuid NOT NULL,
    item text,
    sha256 bytea NOT NULL CHECK (length(sha256) = 32),
    original_sha256 bytea NOT NULL CHECK (length(original_sha256) = 32),
    bytes bigint NOT NULL CHECK (bytes > 0),
    width integer NOT NULL,
    height integer NOT NULL,
    device_at timestamptz NOT NULL,
    device_place geometry(Point, 4490),
    device_accuracy_m numeric CHECK (device_accuracy_m >= 0),
    camera_at timestamp,
    camera_place geometry(Point, 4490),
    received_at timestamptz NOT NULL,
    account uuid NOT NULL,
    actor text NOT NULL,
    PRIMARY KEY (district, id),
    FOREIGN KEY (district, task) REFERENCES inspection_task,
    FOREIGN KEY (district, account) REFERENCES account
);
COMMENT ON COLUMN inspection_photo.camera_at IS 'what the camera wrote into the file, by its own clock and without a zone';
CREATE INDEX inspection_photo_visit ON inspection_photo (district, visit);
CREATE INDEX inspection_photo_task ON inspection_photo (district, task);

-- How much the photos of a district take, and how much they may.
CREATE TABLE inspection_storage (
    district county_code PRIMARY KEY REFERENCES district,
    used_bytes bigint NOT NULL DEFAULT 0 CHECK (used_bytes >= 0),
    limit_bytes bigint NOT NULL DEFAULT 21474836480 CHECK (limit_bytes > 0)
);
