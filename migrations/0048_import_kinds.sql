-- Contracts and planning layers are imported like the registers.
ALTER TABLE import_run DROP CONSTRAINT import_run_kind_check;
ALTER TABLE import_run ADD CONSTRAINT import_run_kind_check
    CHECK (kind IN ('parcels', 'outlines', 'enterprises', 'occupancies', 'returns', 'planning', 'contracts'));
