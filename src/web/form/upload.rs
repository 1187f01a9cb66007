//! A form with a file.

use super::{Field, Sent};
use crate::web::{Error, Multipart, MultipartFault, Result};

/// What was typed, and the file that came with it under the name `file`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Upload {
    pub sent: Sent,
    pub file: Vec<u8>,
    pub file_name: String,
}

impl From<Sent> for Upload {
    fn from(sent: Sent) -> Self {
        Upload { sent, ..Upload::default() }
    }
}

impl Upload {
    /// `too_large` is what to say when it is.
    ///
    /// # Errors
    /// When the request breaks off or is larger than allowed.
    pub async fn read(mut multipart: Multipart, too_large: &str) -> Result<Self> {
        let broken = |fault: MultipartFault| -> Error { fault.told(too_large, "上传未完成，请重新提交") };
        let mut form = Upload::default();
        while let Some(field) = multipart.next_field().await.map_err(broken)? {
            let name = field.name().unwrap_or_default().to_owned();
            if name == "file" {
                form.file_name = field.file_name().unwrap_or_default();
                form.file = field.bytes().await.map_err(broken)?.to_vec();
            } else {
                form.sent = form.sent.with(&name, field.text().await.map_err(broken)?);
            }
        }
        Ok(form)
    }

    pub fn text(&self, name: &str) -> &str {
        self.sent.text(name)
    }

    pub fn field<'a>(&'a self, name: &'a str, label: &'a str) -> Field<'a> {
        self.sent.field(name, label)
    }
}
