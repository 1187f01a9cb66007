//! Platforms, parcels, tenants and those who are judged as one: reckoned again from the registers, and from the answer alone.

use std::collections::BTreeMap;

use muheng::base::ratio::Ratio;
use muheng::db::PgPool;
use muheng::evaluation::commands::freeze;
use muheng::evaluation::document::ResultDocument;
use muheng::evaluation::run;
use muheng::scoring::Scheme;
use muheng::scoring::scheme::{Merge, Tenants};
use rust_decimal::Decimal;
use serde_json::Value;

use crate::commands::muheng;
use crate::support::{TestApp, post};

fn json(app: &TestApp, arguments: &[&str]) -> Value {
    let output = muheng(&app.pool, app.home.path(), &[&["evaluation"], arguments, &["--format", "json"]].concat());
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

fn ratio(value: &Value) -> Ratio {
    value.as_str().unwrap_or_else(|| panic!("{value} is no text")).parse().unwrap()
}

fn is_close(one: &Ratio, other: &Ratio) -> bool {
    let apart = if one > other { one.clone() - other.clone() } else { other.clone() - one.clone() };
    apart < "0.000001".parse().unwrap()
}

fn is_rechecked(app: &TestApp, run: &Value) {
    let answer = muheng(&app.pool, app.home.path(), &["recheck", run["receipt"].as_str().unwrap()]);
    assert_eq!(String::from_utf8_lossy(&answer.stdout), "1 equal, 0 different\n");
}

/// Every score of a run to a base, from the sums that the answer holds and the scheme alone.
fn is_reckoned_again(scheme: &Value, run: &Value) {
    let bases: BTreeMap<&str, Ratio> = run["benchmarks"]
        .as_array()
        .unwrap()
        .iter()
        .map(|base| (base["indicator"].as_str().unwrap(), ratio(&base["value"])))
        .collect();
    for result in run["results"].as_array().unwrap() {
        let mut sum: Ratio = "0".parse().unwrap();
        for (indicator, item) in
            scheme["indicators"].as_array().unwrap().iter().zip(result["items"].as_array().unwrap())
        {
            let name = indicator["indicator"].as_str().unwrap();
            let side = |side: &str| &result["facts"][format!("{name}.{side}")];
            if item["value"].is_null() {
                continue;
            }
            let value = ratio(side("numerator")).over(&ratio(side("denominator"))).unwrap();
            assert!(is_close(&value, &ratio(&item["value"])), "{item}");
            let weight = ratio(&indicator["weight"]);
            let points = value.over(&bases[name]).unwrap().times(&weight).max("0".parse().unwrap());
            let score = match &indicator["family"]["to_base"]["cap"] {
                Value::Null => points,
                cap => points.min(ratio(cap).times(&weight)),
            };
            assert!(is_close(&score, &ratio(&item["score"])), "{item} of {result}");
            sum = sum + score;
        }
        assert!(is_close(&sum, &ratio(&result["score"])), "{result}");
    }
}

/// Tax in 万元 and land in mu of the enterprises that name a platform and have both, by SQL of its own.
async fn tax_and_land(pool: &PgPool, name: &str, year: i32) -> (Decimal, Decimal, i64) {
    sqlx::query_as(
        "WITH own AS (SELECT DISTINCT ON (uscc) uscc, platform FROM enterprise_version
             WHERE superseded_at IS NULL AND valid && daterange(make_date($2, 1, 1), make_date($2 + 1, 1, 1))
             ORDER BY uscc, lower(valid) DESC),
         figure AS (SELECT o.uscc, f.value AS tax,
             (SELECT CASE WHEN bool_or(h.area_mu IS NULL AND NOT h.floor_only) THEN NULL ELSE COALESCE(sum(h.area_mu *
                  (LEAST(upper(h.valid), make_date($2 + 1, 1, 1)) - GREATEST(lower(h.valid), make_date($2, 1, 1)))), 0) END
              FROM holding h WHERE h.uscc = o.uscc AND h.superseded_at IS NULL
                AND h.valid && daterange(make_date($2, 1, 1), make_date($2 + 1, 1, 1)) HAVING count(*) > 0) AS land
             FROM own o JOIN return_figure f ON f.uscc = o.uscc AND f.year = $2 AND f.indicator = 'tax_paid' AND f.superseded_at IS NULL
             WHERE o.platform = $1)
         SELECT sum(tax) / 10000, sum(land) / (make_date($2 + 1, 1, 1) - make_date($2, 1, 1)), count(*)
         FROM figure WHERE land IS NOT NULL",
    )
    .bind(name)
    .bind(year)
    .fetch_one(pool)
    .await
    .unwrap()
}

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn a_platform_is_the_ratio_of_the_sums_of_its_enterprises(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let scheme = json(&app, &["scheme", "example/platform"]);
    let run = json(&app, &["compute", "--year", "2023", "--category", "platform"]);
    let results = run["results"].as_array().unwrap();
    assert_eq!(results.len(), 2, "{run}");
    is_reckoned_again(&scheme, &run);
    is_rechecked(&app, &run);
    for result in results {
        assert_eq!((result["subject"]["kind"].as_str(), &result["uscc"]), (Some("platform"), &Value::Null));
        let (tax, land, counted) = tax_and_land(&app.pool, result["name"].as_str().unwrap(), 2023).await;
        let facts = &result["facts"];
        assert!(is_close(&ratio(&facts["tax_per_mu.numerator"]), &tax.into()), "{tax} {facts}");
        assert!(is_close(&ratio(&facts["tax_per_mu.denominator"]), &land.into()), "{land} {facts}");
        let made = &result["made_of"];
        let without = made["left_out"]["tax_per_mu"].as_array().map_or(0, Vec::len) as i64;
        assert_eq!(made["of"].as_array().unwrap().len() as i64, counted + without, "everybody is told of");
        assert_eq!(facts["platform_enterprises"], made["count"].to_string());
    }
    let facts = json(&app, &["facts", "--year", "2023", "--category", "platform"]);
    assert_eq!(facts.as_object().unwrap().keys().collect::<Vec<_>>(), ["2019", "2020", "2021", "2023"]);
    for result in results {
        assert_eq!(facts["2023"][result["subject"]["id"].as_str().unwrap()], result["facts"]);
    }
    let base = run["benchmarks"].as_array().unwrap().iter().find(|it| it["indicator"] == "tax_per_mu").unwrap();
    for year in base["years"].as_array().unwrap() {
        let of_year = facts[year["year"].to_string()].as_object().unwrap();
        let sum = of_year.values().map(|facts| ratio(&facts["tax_per_mu.numerator"])).sum::<Ratio>();
        assert!(is_close(&sum, &ratio(&year["numerator"])), "the base is of the facts that are printed");
    }
}

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn four_stars_are_an_a_outside_the_quota_and_2019_has_key_platforms_alone(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let card = ["--scheme", "example/hangzhou-park-card"];
    let run = |year: &str| json(&app, &[&["compute", "--year", year, "--category", "platform"], &card[..]].concat());
    let of = |run: &Value, id: &str| -> Value {
        run["results"].as_array().unwrap().iter().find(|it| it["subject"]["id"] == id).cloned().unwrap_or_default()
    };
    let now = run("2023");
    assert_eq!((&of(&now, "SL-A")["grade"], &of(&now, "SL-A")["rank"]), (&"A".into(), &Value::Null));
    assert_eq!(of(&now, "SL-B")["rank"], 1);
    assert!(now["quotas"].as_array().unwrap().iter().all(|quota| quota["population"] == 1), "{now}");
    is_rechecked(&app, &now);
    let before = run("2021");
    assert!(of(&before, "SL-A")["rank"].is_u64(), "three stars until 2022: {before}");
    let first = run("2019");
    assert!(of(&first, "SL-B").is_null());
    assert_eq!(first["left_out"][0]["why"], "not_covered");
    assert_eq!((&first["left_out"][0]["subject"]["id"], &first["left_out"][0]["uscc"]), (&"SL-B".into(), &Value::Null));
}

/// Parcels on which an enterprise of the 10,000-yuan list holds land in the year.
async fn under_the_line(app: &TestApp, year: i32) -> Vec<String> {
    let year_text = year.to_string();
    let arguments = ["low-efficiency", "--year", &year_text, "--format", "json"];
    let answer = muheng(&app.pool, app.home.path(), &arguments);
    let answer: Value = serde_json::from_slice(&answer.stdout).unwrap();
    let listed = answer["lines"].as_array().unwrap().iter().filter(|it| it["low_efficiency"] == true);
    let listed: Vec<String> = listed.map(|it| it["uscc"].as_str().unwrap().to_owned()).collect();
    assert!(!listed.is_empty());
    sqlx::query_scalar(
        "SELECT parcel_code FROM (SELECT h.uscc, h.parcel_code, sum(h.area_mu * (LEAST(upper(h.valid), make_date($2 + 1, 1, 1))
                - GREATEST(lower(h.valid), make_date($2, 1, 1)))) AS land
             FROM holding h WHERE h.superseded_at IS NULL AND h.uscc = ANY($1) AND h.parcel_code IS NOT NULL
               AND h.valid && daterange(make_date($2, 1, 1), make_date($2 + 1, 1, 1)) GROUP BY 1, 2) held
         WHERE land > 0 GROUP BY parcel_code ORDER BY parcel_code COLLATE \"C\"",
    )
    .bind(listed)
    .bind(year)
    .fetch_all(&app.pool)
    .await
    .unwrap()
}

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn a_low_efficiency_parcel_has_its_part_of_whoever_uses_it(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let scheme = json(&app, &["scheme", "example/low-efficiency-land"]);
    let run = json(&app, &["compute", "--year", "2023", "--category", "low_efficiency_land"]);
    let results = run["results"].as_array().unwrap();
    assert!(results.len() > 5, "{} parcels", results.len());
    is_reckoned_again(&scheme, &run);
    is_rechecked(&app, &run);
    let mut told: Vec<&str> = results
        .iter()
        .chain(run["left_out"].as_array().unwrap())
        .map(|it| it["subject"]["id"].as_str().unwrap())
        .collect();
    told.sort_unstable();
    assert_eq!(told, under_the_line(&app, 2023).await, "the parcels of those on the list of the year, each once");
    for result in results {
        assert_eq!(result["subject"]["kind"], "parcel");
        let mut tax: Ratio = "0".parse().unwrap();
        let without = result["made_of"]["left_out"]["tax_per_mu"].as_array().cloned().unwrap_or_default();
        for part in result["made_of"]["of"].as_array().unwrap() {
            let paid: Option<Decimal> = sqlx::query_scalar(
                "SELECT value FROM return_figure WHERE uscc = $1 AND year = 2023 AND indicator = 'tax_paid' AND superseded_at IS NULL",
            )
            .bind(part["id"].as_str().unwrap())
            .fetch_optional(&app.pool)
            .await
            .unwrap();
            if !without.contains(&part["id"]) {
                tax = tax + ratio(&part["share"]).times(&paid.unwrap().into()) / Decimal::from(10_000);
            }
        }
        assert!(is_close(&tax, &ratio(&result["facts"]["tax_per_mu.numerator"])), "{result}");
    }
    // Whoever is on several of these parcels is split over them and not counted twice.
    let mut shares: BTreeMap<&str, Ratio> = BTreeMap::new();
    for part in results.iter().flat_map(|it| it["made_of"]["of"].as_array().unwrap()) {
        let sum = shares.entry(part["id"].as_str().unwrap()).or_insert_with(|| "0".parse().unwrap());
        *sum = sum.clone() + ratio(&part["share"]);
    }
    let one: Ratio = "1.000001".parse().unwrap();
    assert!(shares.values().all(|share| *share < one), "{shares:?}");
}

fn below(app: &TestApp) -> Scheme {
    let scheme = json(app, &["scheme", "muheng/industry-below", "--year", "2023"]);
    serde_json::from_value(scheme).unwrap()
}

async fn results(app: &TestApp, scheme: &Scheme) -> (Vec<ResultDocument>, Vec<(String, &'static str)>) {
    let frozen = freeze(&app.pool, &app.scope, scheme, 2023).await.unwrap();
    let left = frozen.left_out.iter().map(|(member, why)| (member.uscc.clone(), why.code())).collect();
    let computed = run::compute(&frozen, "").unwrap();
    let mut kept: Vec<(String, String)> =
        computed.lines.iter().map(|line| (line.result.subject.id.clone(), line.input.clone())).collect();
    kept.sort();
    let kept: Vec<String> = kept.into_iter().map(|(_, input)| input).collect();
    assert_eq!(run::again(&computed.receipt.inputs, &kept).unwrap(), computed.receipt.results);
    (computed.lines.into_iter().map(|line| line.result).collect(), left)
}

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn a_tenant_takes_the_grade_of_the_owner_or_is_left_out_with_the_reason(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let alone = below(&app);
    let keys: Vec<String> = results(&app, &alone).await.0.into_iter().map(|it| it.subject.id).collect();
    // Two of those who are ranked become tenants of a floor: one in the building of another who is ranked, one where nobody owns.
    let moved = sqlx::query(
        "WITH owner AS (SELECT occupant, parcel_code FROM occupancy
             WHERE kind = 'owned' AND occupant = ANY($1) AND superseded_at IS NULL AND upper_inf(valid)
             ORDER BY occupant, id LIMIT 1),
         nobodys AS (SELECT code FROM parcel_version p WHERE p.superseded_at IS NULL AND upper_inf(p.valid)
             AND NOT EXISTS (SELECT FROM occupancy o WHERE o.parcel_code = p.code) ORDER BY code LIMIT 1),
         tenant AS (SELECT key, number FROM unnest($1) WITH ORDINALITY AS t (key, number)
             WHERE key <> (SELECT occupant FROM owner) AND NOT EXISTS (SELECT FROM occupancy l WHERE l.lessor = key)
             ORDER BY number LIMIT 2)
         UPDATE occupancy o SET kind = 'leased', lessor = NULL, area_mu = NULL, floor_area_m2 = 300,
             parcel_code = CASE WHEN t.number = (SELECT min(number) FROM tenant) THEN (SELECT parcel_code FROM owner)
                                ELSE (SELECT code FROM nobodys) END
         FROM tenant t WHERE o.occupant = t.key",
    )
    .bind(&keys)
    .execute(&app.pool)
    .await
    .unwrap();
    assert!(moved.rows_affected() > 1);
    let (before, left_before) = results(&app, &alone).await;
    let tenants: Vec<&String> = left_before.iter().filter(|(_, why)| *why == "tenant").map(|(uscc, _)| uscc).collect();
    assert_eq!(tenants.len(), 2);
    let mut scheme = alone.clone();
    scheme.population.tenants = Tenants::OwnersGrade;
    let (after, left_after) = results(&app, &scheme).await;
    let ranked = |results: &[ResultDocument]| {
        results
            .iter()
            .filter(|it| it.rank.is_some())
            .map(|it| (it.subject.id.clone(), it.grade.clone()))
            .collect::<Vec<_>>()
    };
    assert_eq!(ranked(&before), ranked(&after), "nobody else is moved");
    let reasons = ["owner_unknown", "several_owners", "owner_not_graded"];
    let mut followed = 0;
    for tenant in tenants {
        let result = after.iter().find(|it| it.subject.id == *tenant);
        let left = left_after.iter().find(|(uscc, _)| uscc == tenant);
        match (result, left) {
            (Some(result), None) => {
                let step = &result.steps[0];
                let owner =
                    after.iter().find(|it| step.why.contains(&it.subject.id)).expect("the step names the owner");
                assert_eq!((result.rank, &result.grade, step.step.as_str()), (None, &owner.grade, "owner"));
                followed += 1;
            }
            (None, Some((_, why))) => assert!(reasons.contains(why), "{why}"),
            other => panic!("{tenant} is told of once: {other:?}"),
        }
    }
    assert_eq!(followed, 1, "the other has no owner");
}

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn enterprises_on_one_parcel_share_a_result_where_the_scheme_says_so(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let mut scheme = below(&app);
    let (apart, _) = results(&app, &scheme).await;
    // Two that are ranked are put on one parcel.
    let two: Vec<String> =
        apart.iter().filter(|it| it.facts["land_m2"].is_some()).take(2).map(|it| it.subject.id.clone()).collect();
    let moved = sqlx::query(
        "WITH most AS (SELECT DISTINCT ON (occupant) occupant, id, parcel_code FROM occupancy
             WHERE occupant IN ($1, $2) AND superseded_at IS NULL AND area_mu > 0 AND valid && daterange('2023-01-01', '2024-01-01')
             ORDER BY occupant, area_mu DESC, id)
         UPDATE occupancy o SET parcel_code = (SELECT parcel_code FROM most WHERE occupant = $1)
         FROM most m WHERE m.occupant = $2 AND m.id = o.id",
    )
    .bind(&two[0])
    .bind(&two[1])
    .execute(&app.pool)
    .await
    .unwrap();
    assert!(moved.rows_affected() > 0);
    scheme.population.merge = Merge::Parcel;
    let (merged, _) = results(&app, &scheme).await;
    assert_eq!(merged.len(), apart.len(), "nobody is lost");
    let of = |id: &String| merged.iter().find(|it| it.subject.id == *id).unwrap();
    let (one, other) = (of(&two[0]), of(&two[1]));
    assert_eq!((&one.score, &one.grade, &one.items), (&other.score, &other.grade, &other.items));
    let heads = merged.iter().filter(|it| it.made_of.is_some()).count();
    let following = merged.iter().filter(|it| it.steps.iter().any(|step| step.step == "merged")).count();
    assert!(heads > 0 && following > 0);
    let ranked = merged.iter().filter(|it| it.rank.is_some()).count();
    assert_eq!(ranked + following, apart.len(), "those who share a result take one place together");
}

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn enterprises_of_one_group_share_a_result_where_the_scheme_says_so(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let evaluator = app.signed_in("evaluator").await;
    let mut scheme = below(&app);
    let (apart, _) = results(&app, &scheme).await;
    let three: Vec<&str> = apart.iter().take(3).map(|it| it.subject.id.as_str()).collect();
    let enter = async |list: &str, subjects: &str, from: &str, to: &str| {
        let group = [
            ("list", list),
            ("kind", "enterprise"),
            ("subjects", subjects),
            ("from", from),
            ("to", to),
            ("document", "合成集团名单"),
        ];
        post(&evaluator, &app.url("/evaluation/lists"), &group).await.status()
    };
    assert_eq!(enter("group_hecheng", &three[..2].join("\n"), "2023-12-31", "").await, 303);
    // On 31 December the third belongs to it no more.
    assert_eq!(enter("group_hecheng", three[2], "2020-01-01", "2023-12-30").await, 303);
    // Together on a list that is no group.
    assert_eq!(enter("friends", &three.join("\n"), "2020-01-01", "").await, 303);
    scheme.population.merge = Merge::Group;
    let (merged, _) = results(&app, &scheme).await;
    assert_eq!(merged.len(), apart.len(), "nobody is lost");
    let of = |id: &str| merged.iter().find(|it| it.subject.id == id).unwrap();
    let (one, other) = (of(three[0]), of(three[1]));
    assert_eq!((&one.score, &one.grade, &one.items), (&other.score, &other.grade, &other.items));
    assert_eq!(merged.iter().filter(|it| it.steps.iter().any(|step| step.step == "group")).count(), 1);
    assert_eq!(merged.iter().filter(|it| it.rank.is_some()).count(), apart.len() - 1);
    assert!(of(three[2]).made_of.is_none());
}

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn platforms_and_lists_are_kept_by_the_evaluator_on_a_document(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let (evaluator, inspector) = (app.signed_in("evaluator").await, app.signed_in("inspector").await);
    let platform = [
        ("code", "XC-1"),
        ("name", "合成园区"),
        ("kind", "industrial_park"),
        ("level", "5"),
        ("area_mu", "120.5"),
        ("from", "2020-01-01"),
        ("to", ""),
        ("document", "合成文件1号"),
    ];
    assert_eq!(post(&inspector, &app.url("/evaluation/platforms"), &platform).await.status(), 403);
    assert_eq!(post(&evaluator, &app.url("/evaluation/platforms"), &platform).await.status(), 303);
    let again = post(&evaluator, &app.url("/evaluation/platforms"), &platform).await;
    assert_eq!(again.status(), 422);
    assert!(again.text().await.unwrap().contains("合成文件1号"), "what was typed comes back");
    let wrong = [("code", "园区"), ("level", "6"), ("from", "2020-01-01"), ("to", "2019-01-01")];
    let page = post(&evaluator, &app.url("/evaluation/platforms"), &wrong).await.text().await.unwrap();
    for words in ["1至5的整数", "有效至不能早于有效自", "请填写“平台名称”"] {
        assert!(page.contains(words), "{words}");
    }
    let (status, page) = app.page(&inspector, "/evaluation/platforms?q=合成").await;
    assert!(status == 200 && page.contains("XC-1") && page.contains("120.5") && !page.contains("登记平台"), "{page}");

    let members = [
        ("list", "demonstration"),
        ("kind", "platform"),
        ("subjects", "XC-1\nNONE\n"),
        ("from", "2021-01-01"),
        ("to", ""),
        ("document", "合成文件2号"),
    ];
    let refused = post(&evaluator, &app.url("/evaluation/lists"), &members).await;
    assert_eq!(refused.status(), 422);
    assert!(refused.text().await.unwrap().contains("NONE"));
    let mut sound = members;
    sound[2].1 = "XC-1\nXC-1";
    assert_eq!(post(&evaluator, &app.url("/evaluation/lists"), &sound).await.status(), 303);
    assert_eq!(post(&evaluator, &app.url("/evaluation/lists"), &sound).await.status(), 422, "it stands there already");
    let mut own = sound;
    own[0].1 = "high_tech";
    assert_eq!(post(&evaluator, &app.url("/evaluation/lists"), &own).await.status(), 422);
    let (_, page) = app.page(&inspector, "/evaluation/lists?list=demonstration").await;
    assert!(page.contains("合成园区") && page.contains("共 1 条"), "{page}");

    let entry: uuid::Uuid = sqlx::query_scalar("SELECT id FROM evaluation_list WHERE list = 'demonstration'")
        .fetch_one(&app.pool)
        .await
        .unwrap();
    let path = format!("/evaluation/lists/{entry}");
    assert_eq!(post(&evaluator, &app.url(&path), &[("last", "2022-12-31"), ("reason", "")]).await.status(), 422);
    assert_eq!(post(&evaluator, &app.url(&path), &[("last", "2020-12-31"), ("reason", "到期")]).await.status(), 422);
    assert_eq!(post(&evaluator, &app.url(&path), &[("last", "2022-12-31"), ("reason", "到期")]).await.status(), 303);
    for (day, there) in [("2022-12-31", true), ("2023-01-01", false)] {
        let (_, page) = app.page(&inspector, &format!("/evaluation/lists?list=demonstration&on={day}")).await;
        assert_eq!(page.contains("合成园区"), there, "{day}");
    }
    let (_, all) = app.page(&inspector, "/evaluation/lists?list=demonstration&all=1").await;
    assert!(all.contains("已撤销") && all.contains("到期"), "nothing is deleted");
}
