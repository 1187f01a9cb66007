//! Forms with files. Their texts pass the same gate as all others; the files are for those who read them.

#![allow(clippy::disallowed_types, reason = "this is the one place where the framework's own is used")]

use axum::body::Bytes;
use axum::extract::multipart::{Field as RawField, Multipart as Raw, MultipartError, MultipartRejection};
use axum::extract::{FromRequest, Request};
use axum::http::{StatusCode, header};

use super::error::Error;
use super::field::field_fault;
use super::sent_file;
use crate::base::text::{LINE, is_invisible, is_stray};

/// What the framework says of headers that cannot be read; held by a test.
const HEADERS: &str = "failed to read headers";

pub struct Multipart(Raw);

/// Why a form with files cannot be read on.
#[derive(Debug)]
pub enum MultipartFault {
    Broken(MultipartError),
    Text(Error),
}

impl MultipartFault {
    /// The fault of a text as it is; `too_large` and `cut_short` where the request itself broke.
    pub fn told(self, too_large: &str, cut_short: &str) -> Error {
        match self {
            MultipartFault::Text(error) => error,
            MultipartFault::Broken(error) if error.status() == StatusCode::PAYLOAD_TOO_LARGE => {
                Error::TooLarge(too_large.to_owned())
            }
            // Headers are text of one line: the only one that people write is what a file is called.
            MultipartFault::Broken(error) if error.body_text() == HEADERS => Error::BadRequest(
                "文件名里有不能用的字符（如 NUL、ESC 等控制字符），未接收。请将文件改名后重新上传".to_owned(),
            ),
            MultipartFault::Broken(_) => Error::BadRequest(cut_short.to_owned()),
        }
    }
}

impl<S: Send + Sync> FromRequest<S> for Multipart {
    type Rejection = MultipartRejection;

    async fn from_request(request: Request, state: &S) -> Result<Self, MultipartRejection> {
        Raw::from_request(request, state).await.map(Multipart)
    }
}

impl Multipart {
    /// The next field; its name is looked at.
    pub async fn next_field(&mut self) -> Result<Option<Field<'_>>, MultipartFault> {
        let field = self.0.next_field().await.map_err(MultipartFault::Broken)?;
        match field.as_ref().and_then(|field| field_fault(field.name().unwrap_or_default(), "")) {
            Some(fault) => Err(MultipartFault::Text(Error::Input(vec![fault]))),
            None => Ok(field.map(Field)),
        }
    }
}

pub struct Field<'a>(RawField<'a>);

impl Field<'_> {
    pub fn name(&self) -> Option<&str> {
        self.0.name()
    }

    /// Without what only steers machines and what nobody sees, and no longer than a line. A name that is given only in the longer form of
    /// RFC 5987 counts too.
    pub fn file_name(&self) -> Option<String> {
        let name = match self.0.file_name().filter(|name| !name.is_empty()) {
            Some(name) => name.to_owned(),
            None => {
                let disposition = self.0.headers().get(header::CONTENT_DISPOSITION)?;
                sent_file::extended(&String::from_utf8_lossy(disposition.as_bytes()))?
            }
        };
        // The end of a name says what kind of file it is.
        let kept: Vec<char> = name.chars().filter(|c| !is_stray(*c) && !is_invisible(*c)).collect();
        Some(kept[kept.len().saturating_sub(LINE)..].iter().collect())
    }

    /// The text of the field, when it may be kept.
    pub async fn text(self) -> Result<String, MultipartFault> {
        let name = self.0.name().unwrap_or_default().to_owned();
        let text = self.0.text().await.map_err(MultipartFault::Broken)?;
        match field_fault(&name, &text) {
            Some(fault) => Err(MultipartFault::Text(Error::Input(vec![fault]))),
            None => Ok(text),
        }
    }

    pub async fn bytes(self) -> Result<Bytes, MultipartFault> {
        self.0.bytes().await.map_err(MultipartFault::Broken)
    }

    pub async fn chunk(&mut self) -> Result<Option<Bytes>, MultipartFault> {
        self.0.chunk().await.map_err(MultipartFault::Broken)
    }
}

#[cfg(test)]
mod tests {
    use axum::body::Body;

    use super::*;

    async fn told(name: &[u8], end: &str) -> Result<Option<String>, String> {
        let head = b"--x\r\ncontent-disposition: form-data; name=\"file\"; filename=\"".to_vec();
        let body = [head, name.to_vec(), b"\"\r\n\r\n1".to_vec(), end.as_bytes().to_vec()].concat();
        let request = Request::builder()
            .method("POST")
            .header(header::CONTENT_TYPE, "multipart/form-data; boundary=x")
            .body(Body::from(body))
            .unwrap();
        let mut multipart = Multipart::from_request(request, &()).await.unwrap();
        let said = |fault: MultipartFault| fault.told("太大", "上传中断").to_string();
        let mut field = multipart.next_field().await.map_err(said)?.unwrap();
        let name = field.file_name();
        while field.chunk().await.map_err(said)?.is_some() {}
        Ok(name)
    }

    #[tokio::test]
    async fn a_name_that_cannot_be_one_is_told_from_an_upload_that_broke_off() {
        const END: &str = "\r\n--x--\r\n";
        for name in [&b"a\0.csv"[..], b"a\x1b.csv", b"a\x07.csv", b"a\x7f.csv"] {
            let said = told(name, END).await.unwrap_err();
            assert!(said.contains("文件名") && said.contains("改名"), "{name:?}: {said}");
        }
        assert_eq!(told("税收.csv".as_bytes(), "").await.unwrap_err(), "上传中断");
        assert_eq!(told("税收.csv".as_bytes(), END).await.unwrap().as_deref(), Some("税收.csv"));
        let turned = "税\u{202e}vsc\u{200b}.csv";
        assert_eq!(told(turned.as_bytes(), END).await.unwrap().as_deref(), Some("税vsc.csv"));
    }
}
