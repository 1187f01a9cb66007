//! New parcels out of what was uploaded or pasted, with the codes and areas that were typed.

use super::form::{Form, SuccessorLine, successor_lines};
use crate::base::code::ParcelCode;
use crate::exchange::frame;
use crate::exchange::{Fault, FaultCode};
use crate::parcel::change::NewParcel;
use crate::parcel::shapes::{self, ReadShape, Unread};
use crate::web;

pub async fn read_shapes(form: &Form) -> web::Result<Result<Vec<ReadShape>, Vec<Fault>>> {
    Ok(read_or_ask(form).await?.map_err(Unread::into_faults))
}

fn nothing_sent() -> Fault {
    Fault::error(FaultCode::Missing, "请上传或粘贴新宗地的图形")
}

fn named_frame(form: &Form) -> Result<Option<i32>, Vec<Fault>> {
    let wrong = || vec![Fault::error(FaultCode::Shape, "坐标系应为 EPSG 代码，如 4490 或 4528")];
    match form.text("srid").as_str() {
        "" => Ok(None),
        text => frame::parse_srid(text).map(Some).ok_or_else(wrong),
    }
}

/// As [`read_shapes`]; what only a person can say about the file is asked apart.
pub async fn read_or_ask(form: &Form) -> web::Result<Result<Vec<ReadShape>, Unread>> {
    let (bytes, name) = form.shapes();
    Ok(match (bytes.is_empty(), named_frame(form)) {
        (true, _) => Err(Unread::Faults(vec![nothing_sent()])),
        (false, Err(faults)) => Err(Unread::Faults(faults)),
        (false, Ok(srid)) => shapes::read_or_ask(bytes.to_vec(), name.to_owned(), srid).await?,
    })
}

/// Shapes with the codes and areas that were typed, line by line in the order of the shapes; the file's own otherwise.
pub fn successors(form: &Form, shapes: Result<Vec<ReadShape>, Vec<Fault>>) -> Result<Vec<NewParcel>, Vec<Fault>> {
    let lines = successor_lines(&form.text("successors"));
    let (shapes, lines) = match (shapes, lines) {
        (Ok(shapes), Ok(lines)) => (shapes, lines),
        (shapes, lines) => {
            return Err(shapes.err().into_iter().chain(lines.err()).flatten().collect());
        }
    };
    if !lines.is_empty() && lines.len() != shapes.len() {
        let message = format!("填写了 {} 个代码，图形有 {} 个，应一一对应", lines.len(), shapes.len());
        return Err(vec![Fault::error(FaultCode::Count, message)]);
    }
    let (mut parcels, mut faults) = (Vec::new(), Vec::new());
    for (place, shape) in shapes.into_iter().enumerate() {
        match successor(shape, lines.get(place)) {
            Ok(parcel) => parcels.push(parcel),
            Err(message) => {
                let message = format!("第 {} 个图形：{message}", place + 1);
                faults.push(Fault::error(FaultCode::CodeInvalid, message));
            }
        }
    }
    if faults.is_empty() { Ok(parcels) } else { Err(faults) }
}

fn successor(shape: ReadShape, line: Option<&SuccessorLine>) -> Result<NewParcel, String> {
    let code = line.map(|line| line.code.clone()).or(shape.code).ok_or("缺少宗地代码")?;
    let code: ParcelCode = code.parse().map_err(|_| format!("“{code}”不是 19 位宗地代码"))?;
    let official = line.and_then(|line| line.official).or(shape.official);
    Ok(NewParcel { code, name: None, official, shape: shape.shape })
}
