//! The list of files.

use chrono::NaiveDate;
use uuid::Uuid;

use super::files::{COLUMNS, File, Sql};
use crate::db::count::{Total, total as count};
use crate::db::keyset::{self, Position};
use crate::db::{PgPool, Scope};
use crate::remediation::{Ground, State, Way};
use crate::workflow::Number;

/// A file as a line.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Listed {
    #[sqlx(flatten)]
    pub file: File,
    /// By their codes, in the order in which they came.
    pub grounds: Vec<String>,
    /// Of the first ground.
    pub receipt: String,
}

/// Which files.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    pub state: Option<State>,
    /// Neither struck off nor dropped.
    pub open: bool,
    pub ground: Option<Ground>,
    pub way: Option<Way>,
    pub subdistrict: Option<String>,
    /// Beyond their day on this one.
    pub late_on: Option<NaiveDate>,
    pub batch: Option<Uuid>,
    pub number: Option<Number>,
    /// Credit code or parcel code.
    pub subject: Option<String>,
    pub relapse: bool,
}

/// Year and serial.
pub type FileKey = (i16, i32);

/// The newest number first.
pub async fn page(
    pool: &PgPool,
    scope: &Scope,
    filter: &Filter,
    position: &Position<FileKey>,
    size: u16,
) -> Result<keyset::Page<Listed, FileKey>, sqlx::Error> {
    let mut sql = Sql::new("SELECT ");
    sql.push(COLUMNS).push(
        ", ARRAY(SELECT g.ground FROM remediation_ground g WHERE g.district = f.district AND g.file = f.id ORDER BY g.serial) AS grounds,
           (SELECT g.receipt FROM remediation_ground g WHERE g.district = f.district AND g.file = f.id AND g.serial = 1) AS receipt",
    );
    push_found(&mut sql, scope, filter);
    position.push_page(&mut sql, ["f.year", "f.serial"], true, size);
    let rows: Vec<Listed> = sql.build_query_as().fetch_all(pool).await?;
    Ok(position.paginate(rows, size.into(), |listed| (listed.file.year, listed.file.serial)))
}

pub async fn total(pool: &PgPool, scope: &Scope, filter: &Filter) -> Result<Total, sqlx::Error> {
    count(pool, |sql| {
        sql.push("SELECT");
        push_found(sql, scope, filter);
    })
    .await
}

fn push_found(sql: &mut Sql, scope: &Scope, filter: &Filter) {
    sql.push(" FROM remediation_file f");
    scope.push_where(sql, "f");
    if let Some(state) = filter.state {
        sql.push(" AND f.state = ").push_bind(state.code());
    }
    if filter.open {
        sql.push(" AND f.state NOT IN ('struck_off', 'looked_back', 'dropped')");
    }
    if let Some(ground) = filter.ground {
        sql.push(" AND EXISTS (SELECT FROM remediation_ground g WHERE g.district = f.district AND g.file = f.id AND g.ground = ");
        sql.push_bind(ground.code()).push(")");
    }
    if let Some(way) = filter.way {
        sql.push(" AND f.way = ").push_bind(way.code());
    }
    if let Some(subdistrict) = &filter.subdistrict {
        sql.push(" AND f.subdistrict = ").push_bind(subdistrict.clone());
    }
    if let Some(day) = filter.late_on {
        sql.push(" AND f.state NOT IN ('suspended', 'looked_back', 'dropped') AND f.due < ").push_bind(day);
    }
    if let Some(batch) = filter.batch {
        sql.push(" AND f.batch = ").push_bind(batch);
    }
    if let Some(number) = filter.number {
        sql.push(" AND f.year = ").push_bind(number.year).push(" AND f.serial = ").push_bind(number.serial);
    }
    if let Some(subject) = &filter.subject {
        sql.push(" AND f.subject = ").push_bind(subject.clone());
    }
    if filter.relapse {
        sql.push(" AND f.relapse_of IS NOT NULL");
    }
}
