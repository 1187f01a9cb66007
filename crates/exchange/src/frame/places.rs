//! Where the records of a file stand, one by one: so that one record astray does not spoil the judgement of all.

use geo::CoordsIter;
use geo_types::{Coord, MultiPolygon};

use super::range::{self, Contradiction};
use super::*;
use crate::fault::{Candidate, Fault};
use crate::option::FileOption;
use crate::validity::at;

/// When most of a file decides over the rest: local choices, published as `import_agreement_…`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Agreement {
    /// So many records at least.
    pub records: u64,
    /// So many of a hundred at least, and never half of them or less.
    pub percent: u64,
}

impl Default for Agreement {
    fn default() -> Self {
        Agreement { records: 10, percent: 90 }
    }
}

/// Records remembered as astray; of a file with more of them nothing is decided on the rest.
const MOST_ASTRAY: usize = 10_000;
const NAMED: usize = 3;

/// A record whose coordinates stand elsewhere than those of most.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Astray {
    pub record: u64,
    pub line: Option<u64>,
    /// The first vertex beyond the range, counted from 1 through all rings.
    pub vertex: usize,
    pub at: Coord<f64>,
    extent: Extent,
}

/// One kind of frame, told by where its coordinates can stand.
#[derive(Clone, Debug)]
struct Family {
    /// Any frame of the kind.
    srid: i32,
    records: u64,
    extent: Option<Extent>,
    astray: Vec<Astray>,
}

/// The records by the frames they could stand in.
#[derive(Clone, Debug)]
pub struct Places {
    total: u64,
    families: Vec<Family>,
}

impl Default for Places {
    fn default() -> Self {
        let zones = ZONES.filter_map(prefixed_srid);
        // Web mercator is left out: any plane coordinates could be its.
        let kinds = [CGCS2000].into_iter().chain(unprefixed_srid(40)).chain(zones);
        let family = |srid| Family { srid, records: 0, extent: None, astray: Vec::new() };
        Places { total: 0, families: kinds.map(family).collect() }
    }
}

impl Agreement {
    fn is_reached(self, most: u64, total: u64) -> bool {
        total >= self.records && most * 100 >= total * self.percent && is_majority(most, total)
    }
}

fn is_majority(most: u64, total: u64) -> bool {
    most * 2 > total
}

impl Places {
    pub fn take(&mut self, record: u64, line: Option<u64>, shape: &MultiPolygon<f64>) {
        let Some(extent) = Extent::of(shape) else { return };
        self.total += 1;
        for family in &mut self.families {
            if range::agrees(family.srid, &extent).is_ok() {
                family.records += 1;
                Extent::stretch(&mut family.extent, extent);
            } else if family.astray.len() <= MOST_ASTRAY
                && let Some((vertex, at)) = first_beyond(family.srid, shape)
            {
                family.astray.push(Astray { record, line, vertex, at, extent });
            }
        }
    }

    /// The kind of frame that more records agree with than with any other, when some do not.
    fn most(&self) -> Option<&Family> {
        let most = self.families.iter().max_by_key(|family| family.records)?;
        let alone = self.families.iter().filter(|family| family.records == most.records).count() == 1;
        let some_astray = !most.astray.is_empty() && most.astray.len() <= MOST_ASTRAY;
        (most.records > 0 && alone && some_astray).then_some(most)
    }
}

fn first_beyond(srid: i32, shape: &MultiPolygon<f64>) -> Option<(usize, Coord<f64>)> {
    let beyond = |coord: &Coord<f64>| range::agrees(srid, &Extent::of_point(coord.x, coord.y)).is_err();
    shape.coords_iter().enumerate().find(|(_, coord)| beyond(coord)).map(|(place, coord)| (place + 1, coord))
}

/// As [`decide`], but on the records that agree with one another when enough do, or when most do and the user names the
/// frame. The records that then stand elsewhere come with their faults.
pub fn decide_among(evidence: &FrameEvidence, places: &Places, agreement: Agreement) -> (FrameDecision, Vec<Fault>) {
    let first = decide(evidence);
    if matches!(first, FrameDecision::Decided { .. }) {
        return (first, Vec::new());
    }
    let Some(most) = places.most() else { return (first, Vec::new()) };
    let second = decide(&FrameEvidence { extent: most.extent, ..evidence.clone() });
    let enough = agreement.is_reached(most.records, places.total);
    match second {
        FrameDecision::Decided { srid, survey_truth, mut notes } => {
            if !enough && (evidence.named.is_none() || !is_majority(most.records, places.total)) {
                return (FrameDecision::Question(doubt(srid, most, places.total)), Vec::new());
            }
            notes.push(format!("{} 条记录的坐标与其余 {} 条不在一处，已逐条拒绝。", most.astray.len(), most.records));
            let faults = most.astray.iter().map(|astray| astray.fault(srid)).collect();
            (FrameDecision::Decided { srid, survey_truth, notes }, faults)
        }
        FrameDecision::Question(question) if enough => (FrameDecision::Question(question), Vec::new()),
        _ => (first, Vec::new()),
    }
}

/// Too few records agree to decide over the others, but what is wrong can be named.
fn doubt(srid: i32, most: &Family, total: u64) -> Question {
    let named: Vec<String> = most.astray.iter().take(NAMED).map(|astray| astray.place()).collect();
    let more = if most.astray.len() > NAMED { "等" } else { "" };
    let label = frame_label(srid);
    let message = format!(
        "{total} 条记录中 {} 条合于{label}，{} 条不合：{}{more}。请改正这些记录后重新导出；也可指明坐标系，只导入其余记录。",
        most.records,
        most.astray.len(),
        named.join("；")
    );
    Question {
        code: FaultCode::FrameContradicted,
        message,
        option: FileOption::Srid,
        candidates: vec![Candidate::new(srid.to_string(), label)],
    }
}

impl Astray {
    fn place(&self) -> String {
        format!("第 {} 条第 {} 点{}", self.record, self.vertex, at(self.at))
    }

    fn fault(&self, srid: i32) -> Fault {
        let code = match range::agrees(srid, &self.extent) {
            Err(Contradiction { code, .. }) => code,
            Ok(()) => FaultCode::FrameOutOfRange,
        };
        let point = format!("第 {} 点{}", self.vertex, at(self.at));
        let message = match range::agrees(srid, &Extent::of_point(self.at.x, self.at.y)) {
            Err(Contradiction { reason, .. }) => {
                let reason = reason.split('（').next().unwrap_or_default();
                format!("{point}与其余记录不在一处：按{}，{reason}。请改正该记录的坐标。", frame_label(srid))
            }
            Ok(()) => format!("{point}与其余记录不在一处。请改正该记录的坐标。"),
        };
        Fault::error(code, message).at(Some(self.record), self.line)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo_types::Rect;

    const HERE: (f64, f64) = (512_500.0, 3_355_500.0);

    fn square((x, y): (f64, f64)) -> MultiPolygon<f64> {
        let side = if x.abs() < 200.0 { 0.001 } else { 100.0 };
        Rect::new((x, y), (x + side, y + side)).to_polygon().into()
    }

    fn judged(shapes: &[MultiPolygon<f64>], declared: Declared, named: Option<i32>) -> (FrameDecision, Vec<Fault>) {
        let (mut places, mut extent) = (Places::default(), None);
        for (place, shape) in shapes.iter().enumerate() {
            places.take(place as u64 + 1, None, shape);
            Extent::stretch(&mut extent, Extent::of(shape).unwrap());
        }
        let evidence = FrameEvidence { declared, extent, named, purpose: Purpose::Parcels };
        decide_among(&evidence, &places, Agreement::default())
    }

    fn with(astray: usize, of: usize, place: (f64, f64)) -> Vec<MultiPolygon<f64>> {
        (0..of).map(|number| square(if number < astray { place } else { HERE })).collect()
    }

    fn decided(decision: &FrameDecision) -> Option<i32> {
        if let FrameDecision::Decided { srid, .. } = decision { Some(*srid) } else { None }
    }

    #[test]
    fn one_of_ten_astray_is_refused_by_number_and_vertex() {
        let (decision, faults) = judged(&with(1, 10, (3_355_500.0, 512_500.0)), Declared::epsg(4549), None);
        assert_eq!(decided(&decision), Some(4549));
        assert_eq!((faults.len(), faults[0].record, faults[0].code), (1, Some(1), FaultCode::AxesSwapped));
        let mut spoilt = with(0, 10, HERE);
        spoilt[3].0[0].exterior_mut(|ring| ring.0[2] = Coord { x: 0.0, y: 0.0 });
        let (decision, faults) = judged(&spoilt, Declared::epsg(4549), None);
        assert_eq!((decided(&decision), faults[0].record), (Some(4549), Some(4)));
        assert!(faults[0].message.starts_with("第 3 点（横 0.0"), "{}", faults[0].message);
    }

    #[test]
    fn fewer_records_or_less_agreement_is_a_question_that_names_the_record() {
        for (astray, of) in [(1, 9), (2, 19)] {
            let (decision, faults) = judged(&with(astray, of, (120.1, 30.3)), Declared::epsg(4549), None);
            let FrameDecision::Question(asked) = decision else { panic!("{decision:?}") };
            assert!(asked.message.contains("第 1 条第 1 点"), "{}", asked.message);
            assert_eq!((asked.candidates[0].value.as_str(), faults.len()), ("4549", 0));
        }
        let (decision, faults) = judged(&with(2, 20, (120.1, 30.3)), Declared::epsg(4549), None);
        assert_eq!((decided(&decision), faults.len()), (Some(4549), 2), "ninety of a hundred");
    }

    #[test]
    fn what_is_published_is_held_to_and_never_less_than_a_majority() {
        let strict = Agreement { records: 4, percent: 75 };
        assert!(strict.is_reached(3, 4) && !strict.is_reached(2, 3) && !strict.is_reached(5, 7));
        let loose = Agreement { records: 1, percent: 1 };
        assert!(loose.is_reached(2, 3) && !loose.is_reached(2, 4));
    }

    #[test]
    fn a_named_frame_that_most_agree_with_answers_the_question() {
        let few = with(1, 5, (40_512_500.0, 3_355_500.0));
        let (decision, faults) = judged(&few, Declared::epsg(4549), Some(4549));
        assert_eq!((decided(&decision), faults[0].code), (Some(4549), FaultCode::FrameZonePrefix));
        let half = with(2, 4, (40_512_500.0, 3_355_500.0));
        let (decision, _) = judged(&half, Declared::epsg(4549), Some(4549));
        assert!(matches!(decision, FrameDecision::Refused { .. }), "{decision:?}");
    }

    #[test]
    fn without_a_declaration_the_frame_is_still_asked_for() {
        let (decision, _) = judged(&with(1, 12, (0.0, 0.0)), Declared::Nothing, None);
        let FrameDecision::Question(asked) = decision else { panic!("{decision:?}") };
        assert_eq!((asked.code, asked.candidates.len()), (FaultCode::FrameMissing, 21));
    }

    #[test]
    fn coordinates_beyond_all_reason_are_named_shortly() {
        let mut shapes = with(0, 11, HERE);
        shapes[10].0[0].exterior_mut(|ring| ring.0[1].x = f64::MAX);
        let (_, faults) = judged(&shapes, Declared::epsg(4549), None);
        assert!(faults[0].message.chars().count() < 200, "{}", faults[0].message);
    }
}
