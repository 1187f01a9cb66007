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

impl Asked<'_> {
    /// ` FROM … WHERE …`: `e` the version in force, `f` the figure, `l` last year's, `p` its peers, `w` the sum of its parts.
    pub fn push_from(&self, sql: &mut Sql) {
        sql.push(" FROM enterprise_version e");
        for (alias, year) in [("f", self.year), ("l", self.year - 1)] {
            sql.push(" LEFT JOIN return_figure ").push(alias).push(" ON ").push(alias).push(".district = ");
            sql.push_bind(self.scope.county().to_owned()).push(" AND ").push(alias).push(".year = ");
            sql.push_bind(year as i16).push(" AND ").push(alias).push(".indicator = ");
            sql.push_bind(self.indicator.code());
            sql.push(" AND ").push(alias).push(".uscc = e.uscc AND ").push(alias).push(".superseded_at IS NULL");
        }
        self.push_peers(sql);
        self.push_parts(sql);
        sql.push(" WHERE e.superseded_at IS NULL AND e.state = 'operating' AND e.district = ");
        sql.push_bind(self.scope.county().to_owned());
        let day = deciding_day(self.year);
        sql.push(" AND lower(e.valid) <= ").push_bind(day).push(" AND (upper_inf(e.valid) OR upper(e.valid) > ");
        sql.push_bind(day).push(")");
        if let Some(own) = self.scope.subdistrict_code() {
            sql.push(" AND e.subdistrict = ").push_bind(own.to_owned());
        }
    }

    fn push_peers(&self, sql: &mut Sql) {
        let own = || self.peers.iter().filter(|peers| peers.indicator == self.indicator);
        sql.push(" LEFT JOIN unnest(").push_bind(own().map(|peers| peers.division.clone()).collect::<Vec<_>>());
        sql.push("::text[], ").push_bind(own().map(|peers| peers.size_class.code().to_owned()).collect::<Vec<_>>());
        sql.push("::text[], ").push_bind(own().map(|peers| peers.middle).collect::<Vec<Decimal>>());
        sql.push("::numeric[]) AS p (division, size_class, middle)");
        sql.push(" ON p.division = left(e.industry_code, 2) AND p.size_class = e.size_class");
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
        let (sectors, sizes): (Vec<_>, Vec<_>) = asked_of(self.indicator)
            .into_iter()
            .map(|(sector, size)| (sector.code().to_owned(), size.code().to_owned()))
            .unzip();
        sql.push("(e.sector, e.size_class) IN (SELECT * FROM unnest(").push_bind(sectors).push("::text[], ");
        sql.push_bind(sizes).push("::text[]))");
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
