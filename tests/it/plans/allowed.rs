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
    ("policy_scheme", "the schemes of one district, some a year"),
    ("policy_measure", "the measures of one district, some a year"),
    ("policy_local_document", "the district's own documents"),
    ("policy_directory_entry", "the district's own directory of industries"),
    ("admission_number", "one row a year"),
    ("admission_consultation", "one row a department"),
    ("contract_notice_serial", "one row a year"),
    ("contract_notice_run", "one row a day"),
    ("contract_review_panel", "one row a change of the list of departments"),
    ("inspection_storage", "one row a district"),
    ("contract_beside", "one row a recorded ground for a second grant, some a year"),
    ("admission_beside", "one row a recorded ground for a second project, some a year"),
    ("admission_set_aside", "read by case; the demonstration has one"),
    ("admission_attachment", "read by case; the demonstration has none"),
    ("admission_offer", "land on offer: some dozens a year"),
    ("admission_case", "some hundred a year; read in the order of the last change"),
    ("admission_round", "read by case"),
    ("admission_check", "read by case"),
    ("admission_opinion", "read by case"),
    ("admission_recommendation", "read by case"),
    ("admission_what_if", "somebody tries one out now and then"),
    ("policy_submission", "one a change of the district's policy"),
    ("import_draft", "uploads of the last fortnight"),
    ("leading_group_member", "some dozens"),
    ("leading_group_meeting", "some a year"),
    ("leading_group_resolution", "some dozens a year"),
    ("evaluation_run", "some dozens a year: six categories, tried out a few times"),
    ("evaluation_veto", "some dozens a year"),
    ("evaluation_exemption", "some hundred a year"),
    ("evaluation_claim", "some hundred a year"),
    ("evaluation_change", "some a year"),
    ("evaluation_coefficient", "some hundred a year"),
    ("policy_veto_kind", "the district's own, one or two a year"),
    ("platform", "some dozens, and what became of each"),
    ("allocation_list", "one a quarter and body"),
    ("allocation_reconciliation", "some dozens a year"),
    ("allocation_audit", "some a year"),
    ("allocation_finding", "some dozens a year"),
    ("allocation_audit_serial", "one row a year"),
    ("allocation_finding_serial", "one row a year"),
    ("enforcement_campaign", "some a year"),
    ("enforcement_campaign_serial", "one row a year"),
    ("enforcement_finding_serial", "one row a year"),
    ("enforcement_veto", "some dozens a year"),
    ("remediation_batch", "one or two a year"),
    ("survey_round", "one a year or fewer"),
    ("survey_serial", "one row a year"),
    ("remediation_serial", "one row a year"),
    ("remediation_sample", "some a year"),
    ("evaluation_list", "some hundred members of some lists"),
    ("parcel_yield", "a cache that the test fills itself"),
    ("contract_map", "a cache that the test fills itself"),
];

/// A statement that reads more of some registers, by its nature.
pub struct Allowed {
    /// What only this statement says, every part of it.
    pub says: &'static [&'static str],
    pub registers: &'static [&'static str],
    /// Only where somebody asks who is limited to one sub-district.
    pub clerk: bool,
}

pub const ALLOWED: &[Allowed] = &[
    // The 10,000-yuan rule judges every enterprise of the district: counts, the order by outcome or tax per mu, the
    // colours of the map.
    Allowed {
        says: &["WITH version AS (", ", judged AS ("],
        registers: &["enterprise_version", "occupancy", "return_figure", "parcel_version"],
        clerk: false,
    },
    // Whether a year is complete is counted over all its enterprises, once for a state of the registers.
    Allowed {
        says: &["count(*) FILTER (WHERE", "FROM (SELECT v.uscc, v.subdistrict, v.sector, v.size_class"],
        registers: &["enterprise_version", "return_figure"],
        clerk: false,
    },
    Allowed {
        says: &["percentile_disc(0.5) WITHIN GROUP (ORDER BY f.value)", "FROM enterprise_version e"],
        registers: &["enterprise_version", "return_figure"],
        clerk: false,
    },
    // The enterprises behind such a count are walked in the order of their codes until a page is full; few have the gap.
    Allowed {
        says: &["AS is_doubtful FROM enterprise_version e LEFT JOIN return_figure f"],
        registers: &["enterprise_version", "return_figure"],
        clerk: false,
    },
    // The check judges every contract of the district, read as a stream.
    Allowed {
        says: &[
            "EXISTS (SELECT FROM contract c WHERE c.district = t.district AND c.number = t.contract AND c.subdistrict = $3)",
        ],
        registers: &["contract_terms", "contract_event", "staged_certificate", "contract"],
        clerk: false,
    },
    // Whose step an open file waits for is a rule of the program: the open ones are read on until the page is full.
    Allowed {
        says: &["AS delivered_on FROM contract_breach_at(", "WHERE b.is_open"],
        registers: &["contract_breach", "contract_breach_step", "contract_notice", "contract"],
        clerk: false,
    },
    // The results of one run are walked in the order of the ranking until a page is full; few have a veto or another grade.
    Allowed {
        says: &["FROM evaluation_result WHERE district", " ORDER BY ranking_group"],
        registers: &["evaluation_result"],
        clerk: false,
    },
    // Whoever a run leaves out is walked in the order of the reasons until a page is full.
    Allowed {
        says: &["FROM evaluation_left_out WHERE district", " ORDER BY why"],
        registers: &["evaluation_left_out"],
        clerk: false,
    },
    // The board counts every file of remediation, by state and by year.
    Allowed { says: &["count(*) AS \"files!\"", "remediation_file"], registers: &["remediation_file"], clerk: false },
    Allowed {
        says: &["JOIN receipt proven ON", "FROM remediation_file f"],
        registers: &["remediation_file", "remediation_ground", "receipt"],
        clerk: false,
    },
    Allowed { says: &["count(relapse_of) AS"], registers: &["remediation_file"], clerk: false },
    // The page of a round sums all its parcels by place and class, from one index; two rounds side by side are met by the codes of all.
    Allowed { says: &["count(*) - count(area_m2) AS \"unmeasured!\""], registers: &["survey_parcel"], clerk: false },
    Allowed { says: &["FROM earlier e FULL JOIN later l"], registers: &["survey_parcel"], clerk: false },
    // The desk counts what waits, up to 10,000.
    Allowed {
        says: &["FROM survey_parcel WHERE district = $1 AND round = $2 AND state = 'awaiting'"],
        registers: &["survey_parcel"],
        clerk: false,
    },
    Allowed {
        says: &["FROM survey_difference", "state = 'proposed' AND ($2::text IS NULL"],
        registers: &["survey_difference"],
        clerk: false,
    },
    // The desk counts open files, and tasks of a department; files with a ground are found in the register of grounds, or walked
    // in the order of their numbers until a page is full, as there are few or many of them.
    Allowed {
        says: &["count(*) AS \"count!\" FROM remediation_file"],
        registers: &["remediation_file", "remediation_agreement"],
        clerk: false,
    },
    Allowed {
        says: &["FROM remediation_task t JOIN remediation_file f"],
        registers: &["remediation_task", "remediation_file"],
        clerk: false,
    },
    Allowed {
        says: &["FROM remediation_file f", " AND g.ground = "],
        registers: &["remediation_file", "remediation_ground"],
        clerk: false,
    },
    // A page of campaigns counts the list of each, some hundred enterprises, and what was found there.
    Allowed {
        says: &["AS targets, count(*) FILTER (WHERE state = 'awaiting') AS awaiting"],
        registers: &["enforcement_target", "enforcement_finding"],
        clerk: false,
    },
    // Findings and visits are walked until a page is full of those in the sub-district.
    Allowed { says: &["FROM enforcement_"], registers: &["enforcement_finding", "enforcement_target"], clerk: true },
    // A drawing says how many of its lines were looked at.
    Allowed {
        says: &["FROM allocation_drawn d", "d.looked_at IS NOT NULL) AS looked_at"],
        registers: &["allocation_drawn"],
        clerk: false,
    },
    // Reports carry no sub-district: a clerk's are walked, the newest first, until there is a page of them; lines of a reconciliation by code.
    Allowed { says: &["FROM allocation_report t WHERE"], registers: &["allocation_report"], clerk: true },
    Allowed { says: &["FROM allocation_reconciled t WHERE"], registers: &["allocation_reconciled"], clerk: true },
    // Two runs are walked side by side until a page is full; few lines have moved.
    Allowed {
        says: &[" both_runs ORDER BY key"],
        registers: &["evaluation_result", "evaluation_left_out"],
        clerk: false,
    },
    // What became of everybody between two runs is counted, from an index alone.
    Allowed {
        says: &["FULL JOIN (SELECT key, grade FROM evaluation_result"],
        registers: &["evaluation_result"],
        clerk: false,
    },
    // A picture is of everybody in a run, from an index alone.
    Allowed { says: &["FROM evaluation_result", "percentile_disc("], registers: &["evaluation_result"], clerk: false },
    Allowed { says: &["FROM evaluation_result", "floor(score / 10)"], registers: &["evaluation_result"], clerk: false },
    Allowed { says: &["floor(b.score)", "FROM evaluation_result"], registers: &["evaluation_result"], clerk: false },
    Allowed { says: &["SELECT subdistrict, grade, count(*)"], registers: &["evaluation_result"], clerk: false },
    // A part of a name is sought along the graded of a run, until there is a page of them.
    Allowed {
        says: &["SELECT uscc, name, subdistrict, grade FROM (", "r.name ILIKE"],
        registers: &["evaluation_result"],
        clerk: false,
    },
    // A clerk sees the vetoes, exemptions, claims, coefficients and changes of the enterprises that are registered in one sub-district.
    Allowed {
        says: &["FROM evaluation_", " t WHERE t.district", "v.subdistrict = "],
        registers: &["enterprise_version"],
        clerk: true,
    },
    // A part in the middle of a code is looked for in the index of codes alone.
    Allowed {
        says: &["SELECT DISTINCT code FROM parcel_version", "AND code LIKE"],
        registers: &["parcel_version"],
        clerk: false,
    },
    // A part in the middle of a credit code is looked for in the index of codes alone.
    Allowed {
        says: &["SELECT DISTINCT uscc FROM enterprise_version", "AND uscc LIKE"],
        registers: &["enterprise_version"],
        clerk: false,
    },
    // Two signs are too few for the index of parts of names; the index of names alone is read.
    Allowed {
        says: &["SELECT DISTINCT v.uscc FROM enterprise_version v JOIN contract_terms t"],
        registers: &["enterprise_version", "contract_terms"],
        clerk: false,
    },
    // Numbers found are met in the order of the index of numbers alone.
    Allowed { says: &["c.number IN (SELECT number FROM contract"], registers: &["contract"], clerk: false },
    // A count stops at its most, 10,000 rows, which is all of a register here, and is not begun where the planner expects it to
    // be long (`db::count`).
    Allowed {
        says: &["SELECT count(*) FROM (SELECT", "LIMIT 10001) AS counted"],
        registers: &[
            "parcel_version",
            "enterprise_version",
            "occupancy",
            "contract",
            "contract_terms",
            "contract_notice",
            "remediation_file",
            "survey_parcel",
            "survey_difference",
            "utility_account",
            "contract_breach",
            "contract_breach_step",
            "contract_review",
            "inspection_task",
            "import_run",
            "evaluation_result",
            "evaluation_left_out",
            "enforcement_finding",
            "enforcement_target",
            "allocation_line",
            "allocation_report",
            "allocation_reconciled",
        ],
        clerk: false,
    },
    // The box of one sub-district is drawn around its parcels, once for a state of the register.
    Allowed { says: &["outermost.geom"], registers: &["parcel_version"], clerk: true },
    // The parcels of one sub-district are sorted by area; another index would cost every import more than this.
    Allowed {
        says: &[
            "v.official_area_m2 IS NULL, v.official_area_m2",
            "AND COALESCE(v.subdistrict, v.registered_subdistrict) = $",
        ],
        registers: &["parcel_version"],
        clerk: true,
    },
    // Names are walked until a page is full of enterprises above designated size, one in sixty.
    Allowed { says: &["AND e.size_class = $"], registers: &["enterprise_version"], clerk: false },
    // Of a clerk each is asked where its land lies.
    Allowed {
        says: &["AND e.size_class = $", "(SELECT true FROM holding h JOIN parcel_version p"],
        registers: &["occupancy"],
        clerk: true,
    },
    // A part of a code among the tasks, in the order of their due days.
    Allowed { says: &["t.parcel_code LIKE"], registers: &["inspection_task"], clerk: false },
    // A part of a file's name among the imports, in their order.
    Allowed { says: &["(file_name ILIKE"], registers: &["import_run"], clerk: false },
    // What an open review waits for is a rule of the program: the open ones are read on until the page is full.
    Allowed {
        says: &["(r.state = 'open' OR r.closed_at > $"],
        registers: &["contract_review", "contract"],
        clerk: false,
    },
    // Names are walked until a page is full of a clerk's own in a few industries; which are theirs is seen one by one.
    Allowed {
        says: &["left(e.industry_code, 2) = ANY ($9)", "(SELECT true FROM holding h JOIN parcel_version p"],
        registers: &["enterprise_version", "occupancy"],
        clerk: true,
    },
    // A clerk's square is read by place or by the sub-district, whichever the planner expects to be less.
    Allowed { says: &["ST_TileEnvelope("], registers: &["parcel_version"], clerk: true },
    // A breach file carries no sub-district: a clerk's are met with the contracts there.
    Allowed {
        says: &["FROM contract_breach_at("],
        registers: &["contract_breach", "contract_breach_step", "contract"],
        clerk: true,
    },
    // Nor does a review.
    Allowed {
        says: &["FROM contract_review r JOIN contract c"],
        registers: &["contract_review", "contract"],
        clerk: true,
    },
    // Nor does a notice.
    Allowed {
        says: &["FROM contract_notice n JOIN contract c"],
        registers: &["contract_notice", "contract"],
        clerk: true,
    },
    // The tasks of one stage or state are walked until a page is full of those in the sub-district.
    Allowed { says: &["FROM inspection_task t LEFT JOIN account a"], registers: &["inspection_task"], clerk: true },
];
