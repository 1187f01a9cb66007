//! What was typed into a form about parcels, and how it is read.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use sha2::{Digest, Sha256};

use crate::base::bounds::AREA;
use crate::base::text::Seen;
use crate::parcel::SupplyStatus;
use crate::parcel::change::{Attributes, Base, Grounds};
use crate::parcel::rules::{ChangeFault, ChangeFaultCode};
use crate::web::{self, Error, Multipart, MultipartFault};

type Faults = Vec<ChangeFault>;

/// Fields that say nothing about the parcels.
const UNMARKED: [&str; 4] = ["step", "previewed", "kept", "kept_name"];

/// Fields as typed, and a file.
#[derive(Clone, Debug, Default)]
pub struct Form {
    fields: Vec<(String, String)>,
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

fn missing(message: &str) -> ChangeFault {
    ChangeFault::new(ChangeFaultCode::Missing, message)
}

impl Form {
    pub fn parse(body: &[u8]) -> Self {
        let fields = form_urlencoded::parse(body).map(|(name, value)| (name.into_owned(), value.seen().to_owned()));
        Form { fields: fields.collect(), ..Form::default() }
    }

    /// # Errors
    /// When the request breaks off or is larger than allowed.
    pub async fn of_multipart(mut multipart: Multipart) -> web::Result<Self> {
        let mut form = Form::default();
        let broken =
            |fault: MultipartFault| fault.told("上传的内容超过 8 MB，请只上传本次变更的图形", "上传未完成，请重新提交");
        while let Some(field) = multipart.next_field().await.map_err(broken)? {
            let name = field.name().unwrap_or_default().to_owned();
            if name == "file" {
                form.file_name = field.file_name().unwrap_or_default();
                form.file = field.bytes().await.map_err(broken)?.to_vec();
            } else {
                let text = field.text().await.map_err(broken)?;
                form.fields.push((name, text.seen().to_owned()));
            }
        }
        if form.file.is_empty()
            && let Some(kept) = form.typed("kept").and_then(|digits| hex::decode(digits).ok())
        {
            form.file_name = form.text("kept_name");
            form.file = kept;
        }
        if form.file.len() > super::LARGEST_UPLOAD {
            return Err(Error::TooLarge("上传的内容超过 8 MB，请只上传本次变更的图形".into()));
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
        for (name, value) in self.fields.iter().filter(|(name, _)| !UNMARKED.contains(&name.as_str())) {
            mark.update(name);
            mark.update([0]);
            mark.update(value);
            mark.update([0]);
        }
        hex::encode(mark.finalize())
    }

    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.fields.push((name.to_owned(), value.to_owned()));
        self
    }

    /// What was typed, an empty text included; `None` when the form has not been sent.
    pub fn typed(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(field, _)| field == name).map(|(_, value)| value.as_str())
    }

    pub fn text(&self, name: &str) -> String {
        self.typed(name).unwrap_or_default().to_owned()
    }

    /// The bytes of the file, else of what was pasted, and a name to recognise them by.
    pub fn shapes(&self) -> (&[u8], &str) {
        if self.file.is_empty() {
            (self.typed("shapes").unwrap_or_default().as_bytes(), "")
        } else {
            (&self.file, &self.file_name)
        }
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
        let base = self.typed("base").and_then(Base::from_text).filter(|base| base.code == code);
        base.ok_or_else(|| vec![missing("表单缺少所依据的记录，请刷新页面后重试")])
    }

    pub fn bases(&self) -> Result<Vec<Base>, Faults> {
        let texts = self.fields.iter().filter(|(name, _)| name == "base").map(|(_, value)| value);
        let bases: Option<Vec<Base>> = texts.map(|text| Base::from_text(text)).collect();
        bases.filter(|bases| !bases.is_empty()).ok_or_else(|| vec![missing("请先填写要合并的宗地代码")])
    }

    /// Source document and reason.
    pub fn paper(&self) -> Result<(String, String), Faults> {
        let (source, reason) = (self.text("source"), self.text("reason"));
        let faults: Faults = [(&source, "请填写依据文件"), (&reason, "请填写变更原因")]
            .into_iter()
            .filter(|(text, _)| text.is_empty())
            .map(|(_, message)| missing(message))
            .collect();
        if faults.is_empty() { Ok((source, reason)) } else { Err(faults) }
    }

    pub fn grounds(&self) -> Result<Grounds, Faults> {
        let day: Result<NaiveDate, Faults> =
            self.text("effective_on").parse().map_err(|_| vec![missing("请填写生效日期")]);
        match (day, self.paper()) {
            (Ok(effective_on), Ok((source, reason))) => Ok(Grounds { effective_on, source, reason }),
            (day, paper) => Err(day.err().into_iter().chain(paper.err()).flatten().collect()),
        }
    }

    pub fn attributes(&self) -> Result<Attributes, Faults> {
        let supply = SupplyStatus::parse(&self.text("supply")).ok_or_else(|| vec![missing("请选择供应状态")])?;
        let official_area_m2 = match self.text("official_area_m2").as_str() {
            "" => None,
            text => Some(area(text).ok_or_else(|| {
                vec![ChangeFault::new(
                    ChangeFaultCode::AreaDiffers,
                    format!("登记面积“{text}”应为正数，单位平方米，{}", AREA.wording()),
                )]
            })?),
        };
        let land_use = self.text("land_use");
        let land_use = land_use.rsplit_once(':').map(|(scheme, code)| (scheme.to_owned(), code.to_owned()));
        let name = Some(self.text("name")).filter(|name| !name.is_empty());
        Ok(Attributes { name, official_area_m2, land_use, supply })
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
                faults.push(ChangeFault::new(ChangeFaultCode::AreaDiffers, message));
            }
            official => lines.push(SuccessorLine { code, official: official.and_then(Result::ok) }),
        }
    }
    if faults.is_empty() { Ok(lines) } else { Err(faults) }
}

pub fn all_faults(first: Option<Faults>, second: Option<Faults>, third: Option<Faults>) -> Faults {
    first.into_iter().chain(second).chain(third).flatten().collect()
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
        let faults = Form::parse(b"effective_on=&source=&reason=").grounds().unwrap_err();
        assert_eq!(faults.len(), 3);
        assert!(Form::parse(b"base=A@7").base("B").is_err());
        assert_eq!(Form::parse(b"base=A@7").base("A").unwrap().version, 7);
    }
}
