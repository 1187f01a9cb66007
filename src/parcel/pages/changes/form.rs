//! What was typed into a form about parcels, and how it is read.

use rust_decimal::Decimal;
use sha2::{Digest, Sha256};

use crate::base::bounds::AREA;
use crate::base::text::Seen;
use crate::exchange::{Fault, FaultCode};
use crate::parcel::change::{Attributes, Base, Grounds};
use crate::web::form::{Field, Reader, Sent, Upload};
use crate::web::{self, Error, Multipart};

type Faults = Vec<Fault>;

const TOO_LARGE: &str = "上传的内容超过 8 MB，请只上传本次变更的图形";

/// Fields that say nothing about the parcels.
const UNMARKED: [&str; 4] = ["step", "previewed", "kept", "kept_name"];

/// Fields as typed, and a file.
#[derive(Clone, Debug, Default)]
pub struct Form {
    pub sent: Sent,
    file: Vec<u8>,
    file_name: String,
}

/// A line `code [area]` for one of the new parcels.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SuccessorLine {
    pub code: String,
    /// m².
    pub official: Option<Decimal>,
}

impl From<Sent> for Form {
    fn from(sent: Sent) -> Self {
        Form { sent, ..Form::default() }
    }
}

impl Form {
    /// # Errors
    /// When the request breaks off or is larger than allowed.
    pub async fn of_multipart(multipart: Multipart) -> web::Result<Self> {
        let Upload { sent, file, file_name } = Upload::read(multipart, TOO_LARGE).await?;
        let mut form = Form { sent, file, file_name };
        if form.file.is_empty()
            && let Some(kept) = form.sent.typed("kept").and_then(|digits| hex::decode(digits).ok())
        {
            form.file_name = form.text("kept_name");
            form.file = kept;
        }
        if form.file.len() > super::LARGEST_UPLOAD {
            return Err(Error::TooLarge(TOO_LARGE.into()));
        }
        Ok(form)
    }

    /// The file that was sent, for a form that is shown again: a browser does not send it a second time by itself.
    pub fn kept(&self) -> Option<(String, &str)> {
        (!self.file.is_empty()).then(|| (hex::encode(&self.file), self.file_name.as_str()))
    }

    /// A mark of everything typed and sent, so that what is committed is what was previewed.
    pub fn mark(&self) -> String {
        let mut mark = Sha256::new();
        mark.update(&self.file);
        for (name, value) in self.sent.fields().iter().filter(|(name, _)| !UNMARKED.contains(&name.as_str())) {
            mark.update(name);
            mark.update([0]);
            mark.update(value.seen());
            mark.update([0]);
        }
        hex::encode(mark.finalize())
    }

    pub fn text(&self, name: &str) -> String {
        self.sent.text(name).to_owned()
    }

    /// The bytes of the file, else of what was pasted, and a name to recognise them by.
    pub fn shapes(&self) -> (&[u8], &str) {
        if self.file.is_empty() { (self.sent.text("shapes").as_bytes(), "") } else { (&self.file, &self.file_name) }
    }

    pub fn has_shapes(&self) -> bool {
        !self.shapes().0.is_empty()
    }

    pub fn codes(&self) -> Vec<String> {
        let mut codes: Vec<String> = Vec::new();
        let text = self.text("codes").to_uppercase();
        for code in text.split([',', '，', '、', ';', '；']).flat_map(str::split_whitespace) {
            if !codes.iter().any(|known| known == code) {
                codes.push(code.to_owned());
            }
        }
        codes
    }

    /// The version of `code` that stood on the page.
    pub fn base(&self, code: &str) -> Result<Base, Faults> {
        let base = Base::from_text(self.sent.text("base")).filter(|base| base.code == code);
        base.ok_or_else(|| vec![Fault::error(FaultCode::Missing, "表单缺少所依据的记录，请刷新页面后重试")])
    }

    pub fn bases(&self) -> Result<Vec<Base>, Faults> {
        let bases: Option<Vec<Base>> = self.sent.all("base").map(Base::from_text).collect();
        bases
            .filter(|bases| !bases.is_empty())
            .ok_or_else(|| vec![Fault::error(FaultCode::Missing, "请先填写要合并的宗地代码").at_field("codes")])
    }

    fn field<'a>(&'a self, name: &'a str, label: &'a str) -> Field<'a> {
        self.sent.field(name, label)
    }

    /// Source document and reason.
    pub fn paper(&self) -> Result<(String, String), Faults> {
        let mut reader = Reader::default();
        let source = reader.text(self.field("source", "依据文件"));
        let reason = reader.text(self.field("reason", "变更原因"));
        reader.finish(source.zip(reason))
    }

    pub fn grounds(&self) -> Result<Grounds, Faults> {
        let mut reader = Reader::default();
        let day = reader.needs_day(self.field("effective_on", "生效日期"));
        let paper = reader.take(self.paper());
        let grounds = day.zip(paper);
        reader.finish(grounds.map(|(effective_on, (source, reason))| Grounds { effective_on, source, reason }))
    }

    pub fn attributes(&self) -> Result<Attributes, Faults> {
        let mut reader = Reader::default();
        let supply = reader.needs(self.field("supply", "供应状态"), "列出的状态");
        let official = self.field("official_area_m2", "登记面积");
        let official_area_m2 = official.given().and_then(|text| {
            let area = area(text);
            if area.is_none() {
                let message = format!("登记面积“{text}”应为正数，单位平方米，{}", AREA.wording());
                reader.push(official.fault(FaultCode::AreaDiffers, message));
            }
            area
        });
        let land_use = self.sent.text("land_use");
        let land_use = land_use.rsplit_once(':').map(|(scheme, code)| (scheme.to_owned(), code.to_owned()));
        let name = reader.may_text(self.field("name", "宗地名称"));
        reader.finish(supply.map(|supply| Attributes { name, official_area_m2, land_use, supply }))
    }
}

fn area(text: &str) -> Option<Decimal> {
    text.replace([',', '，'], "").parse().ok().filter(|area| *area > Decimal::ZERO && AREA.hold(*area))
}

/// Lines of `code` or `code area`, blank lines left out.
pub fn successor_lines(text: &str) -> Result<Vec<SuccessorLine>, Faults> {
    let (mut lines, mut faults) = (Vec::new(), Vec::new());
    for line in text.lines().map(Seen::seen).filter(|line| !line.is_empty()) {
        let mut words = line.split_whitespace();
        let code = words.next().unwrap_or_default().to_uppercase();
        let official = words.next().map(|word| area(word).ok_or(word));
        match official {
            Some(Err(word)) => {
                let message = format!("{code} 的面积“{word}”应为正数，单位平方米");
                faults.push(Fault::error(FaultCode::AreaDiffers, message).at_field("successors"));
            }
            official => lines.push(SuccessorLine { code, official: official.and_then(Result::ok) }),
        }
    }
    if faults.is_empty() { Ok(lines) } else { Err(faults) }
}

/// All three, or everything that is wrong with any of them.
pub fn all<A, B, C>(
    first: Result<A, Faults>,
    second: Result<B, Faults>,
    third: Result<C, Faults>,
) -> Result<(A, B, C), Faults> {
    let mut reader = Reader::default();
    let (first, second, third) = (reader.take(first), reader.take(second), reader.take(third));
    reader.finish((|| Some((first?, second?, third?)))())
}

#[cfg(test)]
mod tests {
    use super::*;
    use rust_decimal_macros::dec;

    #[test]
    fn lines_of_codes_may_have_areas() {
        let lines = successor_lines("330105001001gb00001 1,234.5\n\n 330105001001GB00002 ").unwrap();
        assert_eq!(lines[0], SuccessorLine { code: "330105001001GB00001".into(), official: Some(dec!(1234.5)) });
        assert_eq!(lines[1].official, None);
        assert!(successor_lines("A 0").is_err());
        assert!(successor_lines("A x").is_err());
    }

    #[test]
    fn a_form_says_everything_that_is_missing() {
        let faults = Form::from(Sent::parse(b"effective_on=&source=&reason=")).grounds().unwrap_err();
        assert_eq!(faults.len(), 3);
        assert!(Form::from(Sent::parse(b"base=A@7")).base("B").is_err());
        assert_eq!(Form::from(Sent::parse(b"base=A@7")).base("A").unwrap().version, 7);
    }
}
