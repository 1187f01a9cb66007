//! A site laid over every layer in force on a day, in one statement.

use chrono::NaiveDate;
use geo_types::MultiPolygon;
use rust_decimal::Decimal;
use sqlx::postgres::types::PgRange;

use crate::db::geom::Geom;
use crate::db::{PgConnection, Scope};
use crate::planning::{Demand, LayerKind, PieceNature};

/// What is laid over what.
pub struct Want<'a> {
    /// EPSG:4490, checked by [`crate::planning::rules::site_fault`].
    pub site: &'a MultiPolygon<f64>,
    /// EPSG code of the survey zone it is measured in.
    pub zone: i32,
    pub as_of: NaiveDate,
    /// Keys of `allowed_uses`, the one that counts first.
    pub keys: &'a [String],
}

/// One piece, or an edition without any. Areas are m² with four decimals.
pub struct Row {
    pub layer: LayerKind,
    pub demand: Demand,
    pub edition: i64,
    pub name: String,
    pub valid: PgRange<NaiveDate>,
    pub review_by: Option<NaiveDate>,
    /// Somewhere on the way the geometry library gave up.
    pub failed: bool,
    /// The edition says what may stand where for what was asked.
    pub says_uses: bool,
    pub nature: Option<PieceNature>,
    /// The connected part of the conflict that the piece belongs to, counted from 1 within its nature.
    pub component: Option<i64>,
    pub component_m2: Option<Decimal>,
    pub counted: Option<bool>,
    pub area_name: Option<String>,
    pub use_code: Option<String>,
    pub piece_m2: Option<Decimal>,
    pub shape: Option<serde_json::Value>,
}

/// What came back: the site as it was measured, the tolerance in force, the rows by layer.
pub struct Overlaid {
    pub valid: bool,
    pub site_m2: Decimal,
    pub sliver_area: Option<Decimal>,
    pub sliver_width: Option<Decimal>,
    pub rows: Vec<Row>,
}

/// Overlays are made in the survey plane, where the edges of plans are straight; GeoJSON comes back in EPSG:4490.
///
/// Areas are put together from their parts before they meet the site: parts meet on straight cuts, which joins them
/// exactly, while what the site leaves of two parts meets on computed points. A piece is a connected part of the site that conflicts. Whether it is a sliver is decided for everything that hangs
/// together: cutting a field into many records makes no conflict smaller. Only what reaches the edge of the site can be
/// a sliver, but for gaps between areas, which are nobody's land.
pub async fn overlay(connection: &mut PgConnection, scope: &Scope, want: &Want<'_>) -> Result<Overlaid, sqlx::Error> {
    let rows = sqlx::query!(
        r#"WITH tolerance AS MATERIALIZED (
               SELECT (SELECT value::numeric FROM policy_parameter WHERE name = 'spatial_sliver_area' AND valid @> $4::date) AS area,
                      (SELECT value::numeric FROM policy_parameter WHERE name = 'spatial_sliver_width' AND valid @> $4::date) AS width
           ), site AS MATERIALIZED (
               SELECT geom, plane, ST_Boundary(plane) AS edge, ST_IsValid(plane) AND NOT ST_IsEmpty(plane) AS valid
               FROM (SELECT $2::geometry AS geom, ST_Transform($2::geometry, $3::integer) AS plane OFFSET 0) AS given
           ), edition AS MATERIALIZED (
               SELECT e.id, e.layer, e.name, e.valid, e.demand, e.review_by,
                   site.valid AND coalesce(e.review_by >= $4::date, true) AS examined,
                   (SELECT e.allowed_uses -> k.key FROM unnest($5::text[]) WITH ORDINALITY AS k (key, place)
                    WHERE e.allowed_uses ? k.key ORDER BY k.place LIMIT 1) AS uses
               FROM planning_edition AS e CROSS JOIN site
               WHERE e.district = $1 AND e.superseded_at IS NULL AND e.valid @> $4::date
           ), near AS MATERIALIZED (
               SELECT p.edition, p.number, bool_and(p.sound) AS sound, array_agg(p.plane ORDER BY p.part) AS parts
               FROM edition AS e CROSS JOIN site
               JOIN planning_part AS p ON p.edition = e.id AND p.geom && site.geom
               WHERE p.district = $1 AND e.examined
               GROUP BY p.edition, p.number
           ), whole AS MATERIALIZED (
               SELECT n.edition, n.number, a.name, a.use_code, CASE WHEN n.sound THEN planning_union(n.parts, $3) END AS shape
               FROM near AS n
               JOIN planning_area AS a ON a.district = $1 AND a.edition = n.edition AND a.number = n.number
           ), area AS MATERIALIZED (
               SELECT w.edition, w.number, w.name, w.use_code, w.shape AS whole, c.shape, judged.nature
               FROM whole AS w JOIN edition AS e ON e.id = w.edition CROSS JOIN site
               CROSS JOIN LATERAL (SELECT planning_common(site.plane, w.shape) AS shape OFFSET 0) AS c
               CROSS JOIN LATERAL (SELECT CASE
                   WHEN e.demand = 'clear' THEN 'conflict'
                   WHEN e.demand = 'inside' THEN NULL
                   WHEN w.use_code IS NULL OR e.uses IS NULL THEN 'undetermined'
                   WHEN EXISTS (SELECT FROM jsonb_array_elements_text(e.uses) AS u (code) WHERE starts_with(w.use_code, u.code)) THEN NULL
                   WHEN EXISTS (SELECT FROM jsonb_array_elements_text(e.uses) AS u (code) WHERE starts_with(u.code, w.use_code)) THEN 'undetermined'
                   ELSE 'conflict' END AS nature OFFSET 0) AS judged
               WHERE c.shape IS NULL OR NOT ST_IsEmpty(c.shape)
           ), taken AS MATERIALIZED (
               SELECT e.id AS edition, CASE e.demand WHEN 'inside' THEN 'conflict' ELSE 'undetermined' END AS nature,
                   count(a.number) FILTER (WHERE a.nature IS DISTINCT FROM 'undetermined') AS known,
                   count(a.number) FILTER (WHERE a.nature = 'undetermined') AS unknown,
                   planning_union(array_agg(a.whole ORDER BY a.number) FILTER (WHERE a.nature IS DISTINCT FROM 'undetermined'), $3) AS known_shape,
                   planning_union(array_agg(a.whole ORDER BY a.number) FILTER (WHERE a.nature = 'undetermined'), $3) AS unknown_shape
               FROM edition AS e LEFT JOIN area AS a ON a.edition = e.id
               WHERE e.demand <> 'clear' AND e.examined GROUP BY e.id, e.demand
           ), open AS MATERIALIZED (
               SELECT t.edition, t.nature, t.unknown, t.unknown_shape,
                   CASE t.known WHEN 0 THEN site.plane ELSE planning_difference(site.plane, t.known_shape) END AS shape
               FROM taken AS t CROSS JOIN site
           ), claim AS MATERIALIZED (
               SELECT a.edition, a.nature, a.number, a.name, a.use_code, a.shape FROM area AS a WHERE a.nature IS NOT NULL
               UNION ALL
               SELECT o.edition, o.nature, NULL, NULL, NULL,
                   CASE o.unknown WHEN 0 THEN o.shape ELSE planning_difference(o.shape, o.unknown_shape) END
               FROM open AS o
           ), merged AS MATERIALIZED (
               SELECT o.edition, o.nature, o.shape FROM open AS o
               UNION ALL
               SELECT a.edition, a.nature, CASE count(*) WHEN 1 THEN (array_agg(a.shape))[1]
                   ELSE planning_common(site.plane, planning_union(array_agg(a.whole ORDER BY a.number), $3)) END
               FROM area AS a CROSS JOIN site WHERE a.nature = 'conflict' GROUP BY a.edition, a.nature, site.plane
           ), component AS MATERIALIZED (
               SELECT m.edition, m.nature, row_number() OVER (PARTITION BY m.edition, m.nature ORDER BY d.path) AS number,
                   d.geom AS shape, ST_Area(d.geom) AS m2
               FROM merged AS m CROSS JOIN LATERAL ST_Dump(m.shape) AS d
           ), judged AS MATERIALIZED (
               SELECT c.*, NOT (
                   (round(c.m2::numeric, 4) < t.area
                    OR (2 * c.m2 / ST_Perimeter(c.shape) <= t.width::float8 AND ST_IsEmpty(ST_Buffer(c.shape, -t.width::float8 / 2))))
                   AND (e.demand = 'inside' OR c.nature = 'undetermined' OR ST_DWithin(site.edge, c.shape, 0.001))
               ) AS counted
               FROM component AS c JOIN edition AS e ON e.id = c.edition CROSS JOIN site CROSS JOIN tolerance AS t
           ), piece AS MATERIALIZED (
               SELECT j.edition, j.nature, j.number AS component, j.m2 AS component_m2, j.counted, c.number, c.name, c.use_code,
                   d.path, d.geom AS shape
               FROM claim AS c CROSS JOIN LATERAL ST_Dump(c.shape) AS d
               JOIN judged AS j ON j.edition = c.edition AND j.nature = c.nature
                   AND j.shape && d.geom AND ST_Intersects(j.shape, ST_PointOnSurface(d.geom))
           )
           SELECT site.valid AS "site_valid!", round(ST_Area(site.plane)::numeric, 4) AS "site_m2!",
               t.area AS sliver_area, t.width AS sliver_width,
               e.layer AS "layer?: LayerKind", e.demand AS "demand?: Demand", e.id AS "edition?", e.name AS "name?",
               e.valid AS "valid?", e.review_by AS "review_by?",
               (EXISTS (SELECT FROM area AS a WHERE a.edition = e.id AND a.shape IS NULL)
                OR EXISTS (SELECT FROM claim AS c WHERE c.edition = e.id AND c.shape IS NULL)
                OR EXISTS (SELECT FROM merged AS m WHERE m.edition = e.id AND m.shape IS NULL)) AS "failed!",
               (e.uses IS NOT NULL) AS "says_uses!",
               p.nature AS "nature?: PieceNature", p.component AS "component?",
               round(p.component_m2::numeric, 4) AS "component_m2?", p.counted AS "counted?",
               p.name AS "area_name?", p.use_code AS "use_code?", round(ST_Area(p.shape)::numeric, 4) AS "piece_m2?",
               ST_AsGeoJSON(ST_Transform(ST_Normalize(p.shape), 4490), 9, 0)::json AS "shape?"
           FROM site CROSS JOIN tolerance AS t
           LEFT JOIN edition AS e ON true
           LEFT JOIN piece AS p ON p.edition = e.id
           ORDER BY e.id, p.nature, p.component, p.number, p.path"#,
        scope.county(),
        Geom::new(want.site.clone(), 4490) as _,
        want.zone,
        want.as_of,
        want.keys
    )
    .fetch_all(connection)
    .await?;
    let mut overlaid =
        Overlaid { valid: false, site_m2: Decimal::ZERO, sliver_area: None, sliver_width: None, rows: Vec::new() };
    for row in rows {
        (overlaid.valid, overlaid.site_m2) = (row.site_valid, row.site_m2);
        (overlaid.sliver_area, overlaid.sliver_width) = (row.sliver_area, row.sliver_width);
        let (Some(layer), Some(demand), Some(edition), Some(name), Some(valid)) =
            (row.layer, row.demand, row.edition, row.name, row.valid)
        else {
            continue;
        };
        overlaid.rows.push(Row {
            layer,
            demand,
            edition,
            name,
            valid,
            review_by: row.review_by,
            failed: row.failed,
            says_uses: row.says_uses,
            nature: row.nature,
            component: row.component,
            component_m2: row.component_m2,
            counted: row.counted,
            area_name: row.area_name,
            use_code: row.use_code,
            piece_m2: row.piece_m2,
            shape: row.shape,
        });
    }
    Ok(overlaid)
}
