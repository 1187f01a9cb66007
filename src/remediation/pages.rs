//! What the pages of the list show. The shell around them is the web floor's.

use askama::Template;

use super::list::{Counts, Entry, Page};
use super::parameters::ListParameters;
use super::view::tax;
use super::{Line, Outcome};
use crate::base::unit::{grouped, rounded};
use crate::enterprise::SizeClass;
use crate::policy::Article;

/// A choice of a filter: code and name.
#[derive(Clone, Debug)]
pub struct Choice {
    pub code: String,
    pub name: String,
}

/// 低效企业清单: filters, counts, one page of lines.
#[derive(Template)]
#[template(path = "remediation/list_content.html")]
pub struct ListContent<'a> {
    pub parameters: &'a ListParameters,
    pub year: i32,
    /// Years for which there are returns, newest first.
    pub years: &'a [i32],
    pub subdistricts: &'a [Choice],
    pub sections: &'a [Choice],
    pub line: &'a Line,
    pub article: &'a Article,
    pub counts: &'a Counts,
    pub page: &'a Page,
}

/// How one enterprise was judged.
#[derive(Template)]
#[template(path = "remediation/detail_content.html")]
pub struct DetailContent<'a> {
    pub entry: &'a Entry,
    pub line: &'a Line,
    pub article: &'a Article,
}

impl ListContent<'_> {
    fn sizes(&self) -> &'static [SizeClass] {
        SizeClass::ALL
    }

    fn outcomes(&self) -> &'static [Outcome] {
        Outcome::ALL
    }

    /// The address that sorts by `key`, the other way round when the list is sorted by it already.
    fn sorted(&self, key: &str) -> String {
        let turned = self.parameters.sort == key && self.parameters.order != "desc";
        let order = if turned { "desc" } else { "asc" };
        ListParameters { order: order.into(), ..self.parameters.clone() }.address("sort", key)
    }

    /// For `aria-sort`.
    fn direction(&self, key: &str) -> &'static str {
        match (self.parameters.sort == key, self.parameters.order.as_str()) {
            (false, _) => "none",
            (true, "desc") => "descending",
            (true, _) => "ascending",
        }
    }

    fn detail(&self, entry: &Entry) -> String {
        format!("/low-efficiency/{}/{}", self.year, entry.uscc)
    }
}

/// The colour of an outcome's badge; the word stands beside it.
fn badge(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Flagged => "bg-red-lt",
        Outcome::OnTheLine => "bg-orange-lt",
        Outcome::Clear => "bg-green-lt",
        Outcome::NotDeterminable => "bg-yellow-lt",
        Outcome::InTransition => "bg-blue-lt",
        Outcome::NotApplicable => "bg-secondary-lt",
    }
}

fn tax_text(entry: &Entry) -> String {
    tax(entry).map_or("缺报".into(), |tax| grouped(tax, 2))
}

fn mu_text(entry: &Entry) -> String {
    entry.judgement.land.map_or("—".into(), |land| grouped(land.to_mu().0, 4))
}

fn metres_text(entry: &Entry) -> String {
    entry.judgement.land.map_or("—".into(), |land| grouped(land.0, 2))
}

fn quotient_text(entry: &Entry) -> String {
    entry.judgement.tax_per_mu.map_or("—".into(), |quotient| grouped(quotient, 4))
}

fn place_text(entry: &Entry) -> &str {
    entry.subdistrict_name.as_deref().or(entry.subdistrict.as_deref()).unwrap_or("—")
}

fn area_text(area: &Option<rust_decimal::Decimal>) -> String {
    area.map_or("—".into(), |area| rounded(area, area.scale().max(2)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::enterprise::{EnterpriseState, Sector};
    use crate::policy::{Comparison, catalogue::Catalogue};
    use crate::remediation::list::{Cursor, LandPart};
    use crate::remediation::rules::{deciding_day, judge};
    use crate::remediation::{Facts, LandDays, Tax};

    fn entry(line: &Line) -> Entry {
        let parts = vec![LandPart {
            side: crate::enterprise::HoldingSide::Owned,
            parcel: Some("330105001001GB00001".into()),
            area: Some(rust_decimal_macros::dec!(2000)),
            odd: false,
            floor_only: false,
            floor: None,
            days: 366,
            valid: crate::base::period::Period::since(deciding_day(2010)),
            counterpart: None,
        }];
        let facts = Facts {
            year: 2024,
            operated: true,
            established_on: None,
            size_class: SizeClass::Below,
            above_size_since: None,
            project_until: None,
            tax: Tax::Paid(crate::base::unit::Yuan(rust_decimal_macros::dec!(29999.99))),
            land: LandDays::of(&parts),
            floor: None,
        };
        Entry {
            uscc: "91110000600037341L".into(),
            name: "<b>样例</b>企业".into(),
            state: EnterpriseState::Operating,
            sector: Sector::Industry,
            industry_edition: None,
            industry_code: None,
            subdistrict: Some("330105012".into()),
            subdistrict_name: Some("天水街道".into()),
            tax_state: None,
            judgement: judge(&facts, line),
            facts,
            parts,
            cursor: Cursor { rank: 1, key: None, uscc: "91110000600037341L".into() },
        }
    }

    fn line_and_article() -> (Line, Article) {
        let catalogue = Catalogue::embedded().unwrap();
        let article = catalogue.article("xiacheng-2019", "四(一)4").unwrap().clone();
        let parameters = crate::policy::Parameters::on(deciding_day(2024), catalogue.parameters);
        (Line::from_parameters(&parameters).unwrap(), article)
    }

    fn list(entries: Vec<Entry>) -> String {
        let (line, article) = line_and_article();
        let next = entries.first().map(|entry| entry.cursor.clone());
        ListContent {
            parameters: &ListParameters { sort: "tax".into(), ..Default::default() },
            year: 2024,
            years: &[2024, 2023],
            subdistricts: &[Choice { code: "330105012".into(), name: "天水街道".into() }],
            sections: &[Choice { code: "C".into(), name: "制造业".into() }],
            line: &line,
            article: &article,
            counts: &Counts(vec![(Outcome::Flagged, entries.len() as i64)]),
            page: &Page { entries, next },
        }
        .render()
        .unwrap()
    }

    #[test]
    fn the_list_shows_units_outcome_and_article() {
        let (line, _) = line_and_article();
        assert_eq!(line.comparison, Comparison::Below);
        let html = list(vec![entry(&line)]);
        for text in [
            "29,999.99",
            "3.0000",
            "9,999.9967",
            "元/亩",
            "低效",
            "亩均税收1万元以下的低效企业",
            "?sort=tax&#38;order=desc",
            "下一页",
        ] {
            assert!(html.contains(text), "{text} in\n{html}");
        }
        assert!(!html.contains("<b>样例"));
    }

    #[test]
    fn an_empty_list_says_so() {
        assert!(list(vec![]).contains("没有符合条件的企业"));
    }

    #[test]
    fn the_detail_shows_how_the_land_is_made_up() {
        let (line, article) = line_and_article();
        let html = DetailContent { entry: &entry(&line), line: &line, article: &article }.render().unwrap();
        for text in ["330105001001GB00001", "2000.00", "366", "29999.99 × 2000 × 366"] {
            assert!(html.contains(text), "{text} in\n{html}");
        }
    }
}
