//! The measures of the invented district's own: a document and what stands in it, brought by one person and published by another. The
//! numbers are those of the examples; everything is synthetic.

use chrono::NaiveDate;

use super::cases::people::{People, morning};
use super::register::day;
use crate::account::{self, Act};
use crate::base::period::Period;
use crate::db::{PgPool, Scope};
use crate::entitlement::{Exemption, Measure};
use crate::evaluation::store::acting::{self, SubjectFilter};
use crate::measures::accounts;
use crate::measures::utility::{NewAccount, Utility};
use crate::policy;
use crate::policy::intake::{Action, Frame, IntakeKind, read};
use crate::policy::receipt::sha256;
use crate::policy::store::submissions::{self, Upload};
use crate::scoring::scheme::{Adoption, Category};

/// The last year with an official result.
const GRADED: i32 = 2023;

pub const DOCUMENT: &str = "gongshu-synthetic-2023-1";

const TEXT: &str = "[document]
id = \"gongshu-synthetic-2023-1\"
title = \"关于执行差别化措施的通知（示例，虚构数据）\"
number = \"示例〔2023〕1号\"
issuer = \"示例区\"
valid_from = 2023-01-01
end = \"有效期至2026年12月31日\"
note = \"示例文件，虚构数据。\"
";

/// The examples that the invented district adopts, with the name each gets.
const ADOPTED: [(&str, &str, &str); 3] = [
    ("example/electricity-consecutive", "gongshu-synthetic/electricity", "电价加价：按连续年数（示例区，虚构数据）"),
    ("example/land-use-tax-a", "gongshu-synthetic/land-use-tax-a", "城镇土地使用税减免：A档100%（示例区，虚构数据）"),
    ("example/land-use-tax-b", "gongshu-synthetic/land-use-tax-b", "城镇土地使用税减免：B档80%（示例区，虚构数据）"),
];

/// Loads them into the demonstration district, whose accounts must be there. How many were published is returned.
///
/// # Errors
/// When the database refuses, or a step that the plan takes is not allowed.
pub async fn load(pool: &PgPool, scope: &Scope) -> anyhow::Result<usize> {
    let people = People { accounts: account::store::list(pool, scope).await? };
    let own = own(pool, scope).await?;
    let person = |login: &str, on: NaiveDate| people.act(pool, scope, login, morning(on, 0));
    for (kind, file, text, on) in [
        (IntakeKind::Documents, "差别化措施通知（示例）.toml", TEXT.to_owned(), day(2022, 12, 1)),
        (IntakeKind::Measures, "差别化措施（示例）.json", serde_json::to_string_pretty(&own)?, day(2022, 12, 5)),
    ] {
        let (maker, approver) = (person("evaluator", on)?, person("approver", on)?);
        bring(pool, (&maker, &approver), (kind, file, &text), on).await?;
    }
    register(pool, scope, &person("evaluator", day(2024, 1, 8))?).await?;
    Ok(own.len())
}

/// The power accounts of those in grade D of 2023.
async fn register(pool: &PgPool, scope: &Scope, act: &Act) -> anyhow::Result<()> {
    let mut connection = pool.acquire().await?;
    let mut runs = acting::binding(&mut connection, scope, GRADED).await?;
    runs.retain(|run| run.year == GRADED);
    let filter = SubjectFilter {
        grades: Some(vec!["D".to_owned()]),
        categories: vec![Category::IndustryAbove, Category::IndustryBelow],
        ..SubjectFilter::default()
    };
    let found = acting::subjects(&mut connection, scope, (&runs, &filter), &acting::ReadFrom::default(), 20).await?;
    drop(connection);
    for (subject, number) in found.iter().zip(1..) {
        let new = NewAccount {
            utility: Utility::Power,
            customer: format!("DEMO-{number:04}").parse().map_err(anyhow::Error::msg)?,
            uscc: subject.uscc.parse()?,
            share: None,
            valid: Period::since(day(GRADED, 1, 1)),
            document: "示例户号表（虚构数据）".to_owned(),
        };
        accounts::enter(act, &new).await?;
    }
    Ok(())
}

async fn own(pool: &PgPool, scope: &Scope) -> anyhow::Result<Vec<Measure>> {
    let catalogue = policy::store::current(pool, &scope.district).await?;
    let adopt = |(example, id, title): (&str, &str, &str)| {
        let found = catalogue.measures.named(example);
        let (_, example) = found.ok_or_else(|| anyhow::anyhow!("there is no example {example}"))?;
        Ok(Measure {
            id: id.to_owned(),
            title: title.to_owned(),
            adoption: Adoption::Adopted,
            exemptions: vec![Exemption::Protection],
            from: day(2023, 1, 1),
            document: DOCUMENT.to_owned(),
            article: "附件".to_owned(),
            source: "示例区自定，虚构数据".to_owned(),
            ..example.clone()
        })
    };
    ADOPTED.into_iter().map(adopt).collect()
}

async fn bring(
    pool: &PgPool,
    (maker, approver): (&Act, &Act),
    (kind, file, text): (IntakeKind, &str, &str),
    on: NaiveDate,
) -> anyhow::Result<()> {
    let catalogue = policy::store::current(pool, &maker.scope.district).await?;
    let (indicators, parameters) = (&catalogue.indicators, catalogue.parameters.as_slice());
    let frame = Frame { kind, starts_on: on, today: on, indicators, parameters };
    let reading = read(file, text.as_bytes(), frame);
    anyhow::ensure!(!reading.refused(), "{file} has faults: {:?}", reading.faults);
    let upload = Upload { kind, file_name: file, file_sha256: &sha256(text), starts_on: on, reading: &reading };
    let id = submissions::create(maker, &upload).await?;
    submissions::advance(maker, id, Action::Submit, "").await?;
    submissions::advance(approver, id, Action::Publish, "示例措施").await?;
    Ok(())
}
