//! Files, orders and a district to import them into.

use chrono::{DateTime, NaiveDate, Utc};
use encoding_rs::GB18030;
use rust_xlsxwriter::Workbook;
use sqlx::postgres::types::PgRange;

use crate::account::{Actor, Department};
use crate::base::code::uscc_with_check_digit;
use crate::base::period::Period;
use crate::codelist;
use crate::db::{PgPool, Scope};
use crate::exchange::{FaultCode, Severity};
use crate::importing::{self, ImportKind, ImportOptions, Mode, Order, Report};

pub const DISTRICT: &str = "330105";
pub const OWN: &str = "330105012";
pub const OTHER: &str = "330105013";

pub fn now() -> DateTime<Utc> {
    "2025-06-01T04:00:00Z".parse().unwrap()
}

pub fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

pub fn uscc(number: usize) -> String {
    uscc_with_check_digit(&format!("91330105{number:09}")).unwrap().as_str().to_owned()
}

/// A code that differs from [`uscc`] in its check digit.
pub fn uscc_failing(number: usize) -> String {
    let code = uscc(number);
    let digit = if code.ends_with('0') { '1' } else { '0' };
    format!("{}{digit}", &code[..17])
}

pub fn parcel(number: usize) -> String {
    format!("330105001001GB{number:05}")
}

pub struct Import {
    pool: PgPool,
    kind: ImportKind,
    pub options: ImportOptions,
    pub subdistrict: Option<&'static str>,
    pub now: DateTime<Utc>,
    account: Option<uuid::Uuid>,
}

impl Import {
    pub async fn new(pool: &PgPool, kind: ImportKind) -> Import {
        sqlx::query("INSERT INTO district (code, name) VALUES ($1, '拱墅区') ON CONFLICT DO NOTHING")
            .bind(DISTRICT)
            .execute(pool)
            .await
            .unwrap();
        codelist::load(pool).await.unwrap();
        Import {
            pool: pool.clone(),
            kind,
            options: ImportOptions::default(),
            subdistrict: None,
            account: None,
            now: now(),
        }
    }

    pub fn dated(mut self, day_text: &str) -> Import {
        self.options.as_of = Some(day(day_text));
        self
    }

    pub fn accepting(mut self) -> Import {
        self.options.accept_warnings = true;
        self
    }

    /// Brought on a page by a person of a department, with the tick that lets the file confirm, or without.
    pub fn steward(mut self, confirm: Option<Department>) -> Import {
        self.account = Some(uuid::Uuid::nil());
        self.options.confirm = confirm;
        self
    }

    pub fn clerk(mut self) -> Import {
        self.subdistrict = Some(OWN);
        self
    }

    pub async fn bytes(&self, name: &str, bytes: &[u8], mode: Mode) -> Report {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        let scope = Scope {
            district: DISTRICT.parse().unwrap(),
            subdistrict: self.subdistrict.map(|code| code.parse().unwrap()),
        };
        let actor = Actor { account: self.account, name: "测试员".into() };
        let file_name = name.to_owned();
        let order = Order { kind: self.kind, path, file_name, options: self.options.clone(), scope, actor };
        let report = importing::run(&self.pool, &order, mode, self.now, &()).await.unwrap();
        assert_eq!(report.read, report.accepted + report.rejected + report.unchanged, "{report:?}");
        report
    }

    pub async fn csv(&self, text: &str) -> Report {
        self.bytes("表.csv", text.as_bytes(), Mode::Commit).await
    }

    pub async fn gbk(&self, text: &str) -> Report {
        self.bytes("表.csv", &GB18030.encode(text).0, Mode::Commit).await
    }

    /// A workbook of the same cells, all as text.
    pub async fn xlsx(&self, text: &str) -> Report {
        let mut workbook = Workbook::new();
        let sheet = workbook.add_worksheet();
        for (row, line) in text.lines().enumerate() {
            for (column, cell) in line.split(',').enumerate().filter(|(_, cell)| !cell.is_empty()) {
                sheet.write_string(row as u32, column as u16, cell).unwrap();
            }
        }
        self.bytes("表.xlsx", &workbook.save_to_buffer().unwrap(), Mode::Commit).await
    }

    pub async fn preview(&self, text: &str) -> Report {
        self.bytes("表.csv", text.as_bytes(), Mode::Preview).await
    }
}

pub fn counts(report: &Report) -> (u64, u64, u64, u64) {
    (report.read, report.accepted, report.rejected, report.unchanged)
}

/// Record, code and severity of every fault.
pub fn faults(report: &Report) -> Vec<(u64, FaultCode, Severity)> {
    report.faults.iter().map(|fault| (fault.record.unwrap_or(0), fault.code, fault.severity)).collect()
}

/// Rows of the registers, runs and the audit log together.
pub async fn everything(pool: &PgPool) -> i64 {
    sqlx::query_scalar!(
        r#"SELECT (SELECT count(*) FROM enterprise_version) + (SELECT count(*) FROM occupancy)
               + (SELECT count(*) FROM return_figure) + (SELECT count(*) FROM import_run)
               + (SELECT count(*) FROM audit_entry) AS "all!""#
    )
    .fetch_one(pool)
    .await
    .unwrap()
}

/// Enterprises 1 to `count`; the odd ones in [`OWN`], the even ones in [`OTHER`].
pub async fn enterprises(pool: &PgPool, count: usize) {
    for number in 1..=count {
        sqlx::query(
            "INSERT INTO enterprise_version (district, uscc, valid, name, sector, size_class, subdistrict, state, source,
                 reason, recorded_at, recorded_by, fingerprint)
             VALUES ($1, $2, '[2015-01-01,)', $3, 'industry', 'above', $4, 'operating', 'test', 'test', $5, 'test', '')",
        )
        .bind(DISTRICT)
        .bind(uscc(number))
        .bind(format!("企业{number}"))
        .bind(if number % 2 == 1 { OWN } else { OTHER })
        .bind(now())
        .execute(pool)
        .await
        .unwrap();
    }
}

pub async fn put_parcel(pool: &PgPool, number: usize, valid: Period, area: &str, subdistrict: &str) {
    sqlx::query(
        "INSERT INTO parcel_version (district, code, valid, geom, survey_srid, survey_truth, official_area_m2,
             plane_area_m2, geodesic_area_m2, supply_status, subdistrict, registered_subdistrict, source, reason,
             recorded_at, recorded_by, fingerprint)
         VALUES ($1, $2, $3, ST_Multi(ST_MakeEnvelope(120.1, 30.3, 120.101, 30.301, 4490)), 4528, true, $4::numeric,
             $4::numeric, $4::numeric, 'in_use', $5, $5, 'test', 'test', $6, 'test', '')",
    )
    .bind(DISTRICT)
    .bind(parcel(number))
    .bind(PgRange::from(valid))
    .bind(area.parse::<rust_decimal::Decimal>().unwrap())
    .bind(subdistrict)
    .bind(now())
    .execute(pool)
    .await
    .unwrap();
}
