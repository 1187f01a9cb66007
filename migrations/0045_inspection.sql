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
CREATE INDEX inspection_task_list ON inspection_task (district, due, id);
CREATE INDEX inspection_task_waiting ON inspection_task (district, assignee, due) WHERE state IN ('open', 'under_way');
CREATE INDEX inspection_task_parcel ON inspection_task (district, parcel_code);

-- Each step of a task, in order: who, when, why.
CREATE TABLE inspection_step (
    district county_code NOT NULL,
    task uuid NOT NULL,
    seq integer NOT NULL,
    step text NOT NULL CHECK (step IN ('assign', 'start', 'report', 'revisit', 'reassign', 'close', 'cancel')),
    state text NOT NULL,
    reason text,
    at timestamptz NOT NULL,
    actor text NOT NULL,
    PRIMARY KEY (district, task, seq),
    FOREIGN KEY (district, task) REFERENCES inspection_task
);

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
    PRIMARY KEY (district, id),
    FOREIGN KEY (district, task) REFERENCES inspection_task,
    FOREIGN KEY (district, account) REFERENCES account
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
