//! WeasyPrint as a program beside ours: found, started with nothing of ours in reach, fed, read, and stopped.

use std::ffi::OsStr;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use anyhow::Context;
use chrono::{NaiveDate, NaiveTime};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio::process::Command;

use crate::permits::Refused;
use crate::web::Error;

const DRIVER: &str = include_str!("press.py");
const LONGEST_PAGE: usize = 8 * 1024 * 1024;
const LARGEST_DOCUMENT: u64 = 32 * 1024 * 1024;
const LONGEST_COMPLAINT: u64 = 64 * 1024;
const LONGEST_WORK: Duration = Duration::from_secs(60);

#[derive(Debug, thiserror::Error)]
pub enum PrintError {
    #[error(
        "本机没有安装 WeasyPrint，不能生成 PDF。请系统管理员安装（apt-get install weasyprint fonts-noto-cjk）后重试；其间可用浏览器的打印另存为 PDF。"
    )]
    NotInstalled,
    #[error(transparent)]
    Busy(#[from] Refused),
    #[error("生成 PDF 超时，请稍后重试；其间可用浏览器的打印另存为 PDF。")]
    TooSlow,
    #[error("文书过长，不能生成 PDF，请用浏览器的打印另存为 PDF。")]
    TooLong,
    #[error(transparent)]
    Failed(#[from] anyhow::Error),
}

impl PrintError {
    /// Stable.
    pub fn code(&self) -> &'static str {
        match self {
            PrintError::NotInstalled => "pdf_not_installed",
            PrintError::Busy(_) => "pdf_busy",
            PrintError::TooSlow => "pdf_too_slow",
            PrintError::TooLong => "pdf_too_long",
            PrintError::Failed(_) => "pdf_failed",
        }
    }
}

impl From<PrintError> for Error {
    fn from(error: PrintError) -> Self {
        match error {
            PrintError::Failed(cause) => Error::Internal(cause.context("a document could not be printed")),
            PrintError::Busy(refused) => refused.into(),
            PrintError::TooLong => Error::TooLarge(error.to_string()),
            _ => Error::Unavailable { code: error.code(), reason: error.to_string() },
        }
    }
}

/// WeasyPrint where it was found: the interpreter its command runs under, with its arguments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Press {
    interpreter: Vec<String>,
}

impl Press {
    /// The `weasyprint` on the path.
    pub fn find() -> Option<Self> {
        Self::find_in(&std::env::var_os("PATH")?)
    }

    pub(super) fn find_in(path: &OsStr) -> Option<Self> {
        std::env::split_paths(path).find_map(|place| Self::at(&place.join("weasyprint")))
    }

    /// The command is a script of the interpreter that has the library, wherever that was installed.
    fn at(command: &Path) -> Option<Self> {
        let mut head = String::new();
        File::open(command).ok()?.take(1024).read_to_string(&mut head).ok()?;
        let first = head.lines().next()?.strip_prefix("#!")?;
        let interpreter: Vec<String> = first.split_whitespace().map(str::to_owned).collect();
        Path::new(interpreter.first()?).is_absolute().then_some(Press { interpreter })
    }

    /// # Errors
    /// When the library does not load.
    pub async fn version(&self) -> Result<String, PrintError> {
        let place = tempfile::tempdir().context("no place for temporary files")?;
        let mut command = self.command("import weasyprint; print(weasyprint.__version__)", place.path());
        let answer = run(command.stdin(Stdio::null()), &[]).await?;
        Ok(String::from_utf8_lossy(&answer).trim().to_owned())
    }

    /// # Errors
    /// See [`PrintError`].
    pub async fn print(&self, page: &str, of: NaiveDate) -> Result<Vec<u8>, PrintError> {
        if page.len() > LONGEST_PAGE {
            return Err(PrintError::TooLong);
        }
        let place = tempfile::tempdir().context("no place for temporary files")?;
        let mut command = self.command(DRIVER, place.path());
        // Fonts that are cut down to what a document needs carry a time.
        let epoch = of.and_time(NaiveTime::MIN).and_utc().timestamp();
        command.arg(of.to_string()).env("SOURCE_DATE_EPOCH", epoch.to_string()).stdin(Stdio::piped());
        let document = run(&mut command, page.as_bytes()).await?;
        if !document.starts_with(b"%PDF-") {
            return Err(anyhow::anyhow!("what WeasyPrint wrote is no PDF document").into());
        }
        Ok(document)
    }

    /// In an empty directory that is its home, with nothing of our environment.
    fn command(&self, program: &str, place: &Path) -> Command {
        let mut command = Command::new(PathBuf::from(&self.interpreter[0]));
        command.args(&self.interpreter[1..]).args(["-s", "-c", program]);
        command.current_dir(place).env_clear().env("PATH", "/usr/local/bin:/usr/bin:/bin").env("HOME", place);
        command
            .env("TMPDIR", place)
            .env("LANG", "C.UTF-8")
            .env("PYTHONHASHSEED", "0")
            .env("PYTHONDONTWRITEBYTECODE", "1");
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
        command
    }
}

async fn run(command: &mut Command, input: &[u8]) -> Result<Vec<u8>, PrintError> {
    let mut child = command.spawn().context("WeasyPrint does not start")?;
    let (stdin, stdout, stderr) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
    let feed = async move {
        let Some(mut stdin) = stdin else { return };
        // A reader that has gone says why on its way out.
        let _ = stdin.write_all(input).await;
    };
    let work = async {
        let ((), document, complaint) =
            tokio::join!(feed, take(stdout, LARGEST_DOCUMENT + 1), take(stderr, LONGEST_COMPLAINT));
        (child.wait().await, document, complaint)
    };
    let done = tokio::time::timeout(LONGEST_WORK, work).await.map_err(|_| PrintError::TooSlow)?;
    let (status, document, complaint) = done;
    let document = document.context("WeasyPrint cannot be read")?;
    if document.len() as u64 > LARGEST_DOCUMENT {
        return Err(PrintError::TooLong);
    }
    let status = status.context("WeasyPrint was lost")?;
    if !status.success() {
        let complaint = complaint.unwrap_or_default();
        return Err(anyhow::anyhow!("WeasyPrint ended with {status}: {}", last_line(&complaint)).into());
    }
    Ok(document)
}

/// Reads up to `most` bytes and closes the pipe, so that a writer who has more is stopped.
async fn take(pipe: Option<impl AsyncRead + Unpin>, most: u64) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    if let Some(pipe) = pipe {
        pipe.take(most).read_to_end(&mut bytes).await?;
    }
    Ok(bytes)
}

fn last_line(complaint: &[u8]) -> String {
    let text = String::from_utf8_lossy(complaint);
    text.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or_default().to_owned()
}
