//! What may be read whole, and why.

/// Tables that stay small however large a district grows.
pub const SMALL: &[(&str, &str)] = &[
    ("_sqlx_migrations", "one row a migration"),
    ("spatial_ref_sys", "PostGIS's own"),
    ("district", "one row a district"),
    ("account", "people of one bureau"),
    ("industry", "a code list"),
    ("land_use", "a code list"),
    ("subdistrict", "a code list"),
    ("code_successor", "a code list"),
    ("layer_revision", "one row a layer"),
    ("audit_head", "one row a district"),
    ("outline", "the sub-districts and platforms of one district"),
    ("planning_edition", "a handful of layers, one edition a year each"),
    ("parcel_yield_edition", "one row a year that somebody looked at"),
    ("contract_map_edition", "a dozen days"),
    ("policy_document", "the documents of the policy"),
    ("policy_article", "their articles"),
    ("policy_parameter", "their numbers"),
    ("policy_catalogue", "one row a publication"),
    ("policy_edition", "one row a publication"),
    ("policy_standard", "the rows of standard land of one district"),
    ("policy_local_document", "the district's own documents"),
    ("policy_directory_entry", "the district's own directory of industries"),
    ("admission_number", "one row a year"),
    ("admission_consultation", "one row a department"),
    ("contract_notice_serial", "one row a year"),
    ("contract_notice_run", "one row a day"),
    ("contract_review_panel", "one row a change of the list of departments"),
    ("inspection_storage", "one row a district"),
    ("admission_set_aside", "read by case; the demonstration has one"),
    ("admission_attachment", "read by case; the demonstration has none"),
    ("admission_case", "some hundred a year; read in the order of the last change"),
    ("admission_round", "read by case"),
    ("admission_check", "read by case"),
    ("admission_opinion", "read by case"),
    ("admission_recommendation", "read by case"),
    ("admission_what_if", "somebody tries one out now and then"),
    ("policy_submission", "one a change of the district's policy"),
    ("import_draft", "uploads of the last fortnight"),
    ("parcel_yield", "a cache that the test fills itself"),
    ("contract_map", "a cache that the test fills itself"),
];

/// A statement that reads more of some registers, by its nature.
pub struct Allowed {
    /// What only this statement says, every part of it.
    pub says: &'static [&'static str],
    pub registers: &'static [&'static str],
    pub because: &'static str,
}

pub const ALLOWED: &[Allowed] = &[
    Allowed {
        says: &["WITH version AS (", ", judged AS ("],
        registers: &["enterprise_version", "occupancy", "return_figure", "parcel_version"],
        because: "the 10,000-yuan rule judges every enterprise of the district: counts, the order by outcome or tax per mu, the colours of the map",
    },
    Allowed {
        says: &[
            "EXISTS (SELECT FROM contract c WHERE c.district = t.district AND c.number = t.contract AND c.subdistrict = $3)",
        ],
        registers: &["contract_terms", "contract_event", "staged_certificate", "contract"],
        because: "the check judges every contract of the district, read as a stream",
    },
];
