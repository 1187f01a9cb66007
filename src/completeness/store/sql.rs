//! The relation that both the counts and the work lists read: every enterprise that operates on 31 December, with one of its
//! figures and what that is held against.

use rust_decimal::Decimal;

use crate::annual::deciding_day;
use crate::annual::store::Sql;
use crate::completeness::rules::{DoubtRule, asked_of};
use crate::completeness::{Kind, Peers};
use crate::db::Scope;
use crate::enterprise::Indicator;

/// What a statement is about.
pub struct Asked<'a> {
    pub scope: &'a Scope,
    pub year: i32,
    pub indicator: Indicator,
    pub rule: &'a DoubtRule,
    pub peers: &'a [Peers],
}

/// How much of the district is read, which decides in which way.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// Every enterprise: streams in the order of the credit codes are merged.
    Whole,
    /// A page of them: figures are looked up.
    Page,
}

impl Asked<'_> {
    /// ` FROM … WHERE …`: `e` the version in force, `f` the figure, `l` last year's, `p` its peers, `w` the sum of its parts.
    pub fn push_from(&self, sql: &mut Sql, extent: Extent) {
        match extent {
            Extent::Page => drop(sql.push(" FROM enterprise_version e")),
            Extent::Whole => {
                sql.push(
                    " FROM (SELECT v.uscc, v.subdistrict, v.sector, v.size_class, v.industry_code FROM enterprise_version v WHERE ",
                );
                self.push_operating(sql, "v");
                sql.push(" ORDER BY v.uscc OFFSET 0) e");
            }
        }
        self.push_figure(sql, ("f", self.year), extent);
        self.push_figure(sql, ("l", self.year - 1), extent);
        self.push_peers(sql);
        self.push_parts(sql);
        sql.push(" WHERE ");
        match extent {
            Extent::Page => self.push_operating(sql, "e"),
            Extent::Whole => drop(sql.push("true")),
        }
    }

    /// In force and operating on 31 December.
    fn push_operating(&self, sql: &mut Sql, alias: &str) {
        let day = deciding_day(self.year);
        sql.push(alias).push(".superseded_at IS NULL AND ").push(alias).push(".state = 'operating' AND ");
        sql.push(alias).push(".district = ").push_bind(self.scope.county().to_owned());
        sql.push(" AND lower(").push(alias).push(".valid) <= ").push_bind(day).push(" AND (upper_inf(").push(alias);
        sql.push(".valid) OR upper(").push(alias).push(".valid) > ").push_bind(day).push(")");
        if let Some(own) = self.scope.subdistrict_code() {
            sql.push(" AND ").push(alias).push(".subdistrict = ").push_bind(own.to_owned());
        }
    }

    /// Of a whole district sorted by its index: only inside a query of its own are the columns before the credit code known to be
    /// constant.
    fn push_figure(&self, sql: &mut Sql, (alias, year): (&str, i32), extent: Extent) {
        let whole = extent == Extent::Whole;
        sql.push(" LEFT JOIN ");
        if whole {
            sql.push("(SELECT r.uscc, r.value, r.state FROM return_figure r WHERE ");
            self.push_of_year(sql, "r", year);
            sql.push(" ORDER BY r.uscc OFFSET 0) ").push(alias).push(" ON ");
        } else {
            sql.push("return_figure ").push(alias).push(" ON ");
            self.push_of_year(sql, alias, year);
            sql.push(" AND ");
        }
        sql.push(alias).push(".uscc = e.uscc");
    }

    fn push_of_year(&self, sql: &mut Sql, alias: &str, year: i32) {
        sql.push(alias).push(".district = ").push_bind(self.scope.county().to_owned()).push(" AND ").push(alias);
        sql.push(".year = ").push_bind(year as i16).push(" AND ").push(alias).push(".indicator = ");
        sql.push_bind(self.indicator.code()).push(" AND ").push(alias).push(".superseded_at IS NULL");
    }

    /// A lookup in a small object, so that no join of the large streams is planned around it.
    fn push_peers(&self, sql: &mut Sql) {
        let own = self.peers.iter().filter(|peers| peers.indicator == self.indicator);
        let key = |peers: &Peers| format!("{}{}", peers.division, peers.size_class.code());
        let middles = own.map(|peers| (key(peers), peers.middle.to_string().into())).collect();
        sql.push(" CROSS JOIN LATERAL (SELECT (").push_bind(serde_json::Value::Object(middles));
        sql.push("::jsonb ->> (left(e.industry_code, 2) || e.size_class))::numeric AS middle) AS p");
    }

    /// The parts of a stated sum, looked up only where there is one.
    fn push_parts(&self, sql: &mut Sql) {
        let Some(sum) = self.rule.sum_of(self.indicator) else {
            sql.push(" CROSS JOIN (SELECT NULL::numeric AS amount) AS w");
            return;
        };
        sql.push(" LEFT JOIN LATERAL (SELECT sum(r.value * i.weight) AS amount FROM unnest(");
        sql.push_bind(sum.parts.iter().map(|(part, _)| part.code().to_owned()).collect::<Vec<_>>());
        sql.push("::text[], ").push_bind(sum.parts.iter().map(|(_, weight)| *weight).collect::<Vec<Decimal>>());
        sql.push("::numeric[]) AS i (indicator, weight) JOIN return_figure r ON r.district = ");
        sql.push_bind(self.scope.county().to_owned()).push(" AND r.year = ").push_bind(self.year as i16);
        sql.push(" AND r.indicator = i.indicator AND r.uscc = f.uscc AND r.superseded_at IS NULL HAVING count(*) = ");
        sql.push_bind(sum.parts.len() as i64).push(") AS w ON f.uscc IS NOT NULL");
    }

    /// Whether the figure is asked of the enterprise.
    pub fn push_is_asked(&self, sql: &mut Sql) {
        sql.push("(false");
        for (sector, size) in asked_of(self.indicator) {
            sql.push(" OR e.sector = '").push(sector.code()).push("' AND e.size_class = '").push(size.code()).push("'");
        }
        sql.push(")");
    }

    /// The same as [`DoubtRule::doubts`], for finding.
    fn push_is_doubtful(&self, sql: &mut Sql) {
        let times = self.rule.last_year_times;
        sql.push("COALESCE(f.value > 0 AND l.value > 0 AND (f.value >= l.value * ").push_bind(times);
        sql.push(" OR l.value >= f.value * ").push_bind(times);
        sql.push("), false) OR COALESCE(f.value >= p.middle * ").push_bind(self.rule.peer_times).push(", false)");
        if let Some(sum) = self.rule.sum_of(self.indicator) {
            sql.push(" OR COALESCE(abs(f.value * ").push_bind(Decimal::from(sum.over));
            sql.push(" - w.amount) * 100 > w.amount * ").push_bind(sum.tolerance).push(", false)");
        }
    }

    pub fn push_is(&self, sql: &mut Sql, kind: Kind) {
        sql.push("(");
        match kind {
            Kind::Missing => {
                sql.push("f.uscc IS NULL AND ");
                self.push_is_asked(sql);
            }
            Kind::Reported => drop(sql.push("f.state = 'reported'")),
            Kind::Confirmed => drop(sql.push("f.state = 'confirmed'")),
            Kind::Doubtful => self.push_is_doubtful(sql),
        }
        sql.push(")");
    }
}
