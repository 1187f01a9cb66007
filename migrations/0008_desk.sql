-- The first page after signing in counts what waits; these hold only what waits.
CREATE INDEX return_figure_waiting ON return_figure (district, department) WHERE superseded_at IS NULL AND state = 'reported';
CREATE INDEX parcel_version_to_look_at ON parcel_version (district, subdistrict)
    WHERE superseded_at IS NULL AND upper_inf(valid) AND supply_status IN ('idle', 'low_efficiency');
CREATE INDEX import_draft_open ON import_draft (district, account) WHERE NOT committed;
