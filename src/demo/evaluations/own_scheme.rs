//! A scheme of the invented district's own, published by two persons, and a later one that waits for the second.

use rust_decimal::Decimal;
use uuid::Uuid;

use super::Office;
use crate::demo::register::day;
use crate::policy;
use crate::policy::intake::{Action, Frame, IntakeKind, read};
use crate::policy::receipt::sha256;
use crate::policy::store::submissions::{self, Upload};
use crate::scoring::Scheme;
use crate::scoring::scheme::{Bonus, Category};

pub const LEADS_INNOVATION: &str = "leads_innovation";

/// The shipped scheme with a bonus, for the years with official results and after.
async fn own(office: &Office<'_>) -> anyhow::Result<Scheme> {
    let shipped = office.scheme(Category::IndustryAbove, 2021).await?;
    let item = |item: &str, title: &str, points: i64, cap: i64| Bonus {
        item: item.to_owned(),
        title: title.to_owned(),
        points: Decimal::from(points),
        cap: Some(Decimal::from(cap)),
        evidence: "认定文件或证书".to_owned(),
        article: "二(一)3".to_owned(),
    };
    Ok(Scheme {
        id: "gongshu-synthetic/industry-above-2022".to_owned(),
        title: "规上工业企业“亩产效益”综合评价方案（示例，虚构数据）".to_owned(),
        from_year: 2022,
        to_year: None,
        source: "示例区自定，虚构数据".to_owned(),
        bonus: vec![
            item(LEADS_INNOVATION, "创新转型引领示范", 2, 4),
            item("large_contribution", "经济发展贡献大", 3, 3),
        ],
        bonus_cap: Some(5.into()),
        ..shipped
    })
}

async fn bring(office: &Office<'_>, scheme: &Scheme, (file, year): (&str, i32)) -> anyhow::Result<Uuid> {
    let on = day(year, 3, 1);
    let catalogue = policy::store::current(office.pool, &office.scope.district).await?;
    let (indicators, parameters) = (&catalogue.indicators, catalogue.parameters.as_slice());
    let frame = Frame { kind: IntakeKind::Schemes, starts_on: on, today: on, indicators, parameters };
    let text = serde_json::to_string_pretty(scheme)?;
    let reading = read(file, text.as_bytes(), frame);
    anyhow::ensure!(!reading.refused(), "the demonstration scheme has faults: {:?}", reading.faults);
    let (kind, hash) = (IntakeKind::Schemes, sha256(&text));
    let upload = Upload { kind, file_name: file, file_sha256: &hash, starts_on: on, reading: &reading };
    let maker = office.act("evaluator", on, 0)?;
    let id = submissions::create(&maker, &upload).await?;
    submissions::advance(&maker, id, Action::Submit, "").await?;
    Ok(id)
}

pub async fn publish(office: &Office<'_>) -> anyhow::Result<()> {
    let id = bring(office, &own(office).await?, ("规上工业评价方案（示例）.json", 2022)).await?;
    submissions::advance(&office.act("approver", day(2022, 3, 2), 0)?, id, Action::Publish, "示例方案").await?;
    Ok(())
}

/// More weight on what is spent on research and less on energy, from 2025; nobody has published it yet.
pub async fn hand_in(office: &Office<'_>) -> anyhow::Result<()> {
    let mut next = own(office).await?;
    next.id = "gongshu-synthetic/industry-above-2025".to_owned();
    next.from_year = 2025;
    for indicator in &mut next.indicators {
        match indicator.indicator.as_str() {
            "value_added_per_tce" => indicator.weight = 10.into(),
            "rd_share" => indicator.weight = 20.into(),
            _ => {}
        }
    }
    bring(office, &next, ("规上工业评价方案2025（示例）.json", 2026)).await?;
    Ok(())
}
