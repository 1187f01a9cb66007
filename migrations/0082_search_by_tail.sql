-- Credit codes are typed by their end as often as by their beginning, which all those of a region share.
CREATE INDEX enterprise_version_tail ON enterprise_version (district, reverse(uscc) text_pattern_ops) WHERE superseded_at IS NULL;
