//! What was typed into a form, and the file that came with it.

use uuid::Uuid;

use crate::base::text::Seen;
use crate::web::form::Upload;
use crate::web::{self, Error, Multipart};

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
    pub async fn of_multipart(multipart: Multipart) -> web::Result<Self> {
        let too_large = "上传的内容超出限度：界址文件 8 MB，附件 20 MB";
        let Upload { sent, file, file_name } = Upload::read(multipart, too_large).await?;
        let fields = sent.fields().iter().map(|(name, text)| (name.clone(), text.seen().to_owned()));
        Ok(Form { fields: fields.collect(), file, file_name })
    }

    pub fn text(&self, name: &str) -> &str {
        self.fields.iter().find(|(field, _)| field == name).map_or("", |(_, value)| value.as_str())
    }

    /// The version of the case that stood on the page.
    pub fn version(&self) -> web::Result<i32> {
        self.text("version").parse().map_err(|_| Error::BadRequest("表单缺少所依据的版本，请刷新页面后重试".into()))
    }

    pub fn id(&self, name: &str, wrong: &str) -> web::Result<Uuid> {
        self.text(name).parse().map_err(|_| Error::BadRequest(wrong.to_owned()))
    }
}
