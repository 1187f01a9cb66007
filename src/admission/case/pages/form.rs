//! What was typed into a form, and the file that came with it.

use uuid::Uuid;

use crate::base::text::Seen;
use crate::web::{self, Error, Multipart, MultipartFault};

#[derive(Clone, Debug, Default)]
pub struct Form {
    pub fields: Vec<(String, String)>,
    pub file: Vec<u8>,
    pub file_name: String,
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
        Ok(form)
    }

    pub fn text(&self, name: &str) -> &str {
        self.fields.iter().find(|(field, _)| field == name).map_or("", |(_, value)| value.as_str())
    }

    pub fn all(&self, name: &str) -> Vec<String> {
        self.fields.iter().filter(|(field, _)| field == name).map(|(_, value)| value.clone()).collect()
    }

    /// The version of the case that stood on the page.
    pub fn version(&self) -> web::Result<i32> {
        self.text("version").parse().map_err(|_| Error::BadRequest("表单缺少所依据的版本，请刷新页面后重试".into()))
    }

    pub fn id(&self, name: &str, wrong: &str) -> web::Result<Uuid> {
        self.text(name).parse().map_err(|_| Error::BadRequest(wrong.to_owned()))
    }
}

fn broken(fault: MultipartFault) -> Error {
    fault.told("上传的内容超出限度：界址文件 8 MB，附件 20 MB", "上传未完成，请重新提交")
}
