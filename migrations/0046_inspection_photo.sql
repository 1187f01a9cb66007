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
