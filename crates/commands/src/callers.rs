//! Programs on this computer, seen from the window: questions, permissions, the audit, the local API.

use crate::Host;
use crate::dto::{AuditAsk, AuditExport, AuditPage, AuditTarget, OriginAsk, PermissionAnswer};
use broker::audit::{AuditFilter, AuditLine};
use broker::settings::AccessSettings;
use broker::view::{CallerView, QuestionView};
use broker::{Allowance, Callers, Withdrawal};
use connections::error::{CoreError, ErrorCode};
use connections::view::Failure;
use std::io::Write as _;
use std::path::Path;

/// Lines that are read at a time for an export.
const PAGE: usize = 1_000;

fn callers(host: &Host) -> Result<Callers, Failure> {
    Ok(host.runtime().callers()?)
}

/// Questions that wait for the person, the oldest first.
pub async fn permissions_pending(host: &Host, _request: ()) -> Result<Vec<QuestionView>, Failure> {
    Ok(callers(host)?.pending())
}

/// The person answers a question.
pub async fn permission_answer(host: &Host, request: PermissionAnswer) -> Result<(), Failure> {
    Ok(callers(host)?.answer(request.question, request.decision, request.all_connections).await?)
}

/// Programs that have asked, or were decided about.
pub async fn callers_list(host: &Host, _request: ()) -> Result<Vec<CallerView>, Failure> {
    Ok(callers(host)?.list())
}

/// Decides about a program before it asks.
pub async fn caller_allow(host: &Host, request: Allowance) -> Result<CallerView, Failure> {
    Ok(callers(host)?.allow(request).await?)
}

/// Takes decisions back, at once.
pub async fn caller_revoke(host: &Host, request: Withdrawal) -> Result<(), Failure> {
    Ok(callers(host)?.revoke(&request).await?)
}

/// Lines of the audit, the newest first.
pub async fn audit_list(host: &Host, request: AuditAsk) -> Result<AuditPage, Failure> {
    let limit = usize::try_from(request.limit).unwrap_or(usize::MAX);
    let (lines, more) = callers(host)?.audit(&request.filter, request.before, limit).await?;
    Ok(AuditPage { lines, more })
}

/// Writes the audit into a new file. The page learns that it was written and nothing of it.
pub async fn audit_export(host: &Host, request: AuditExport) -> Result<(), Failure> {
    let lines = whole(&callers(host)?, &request.filter).await?;
    let (text, extension) = match request.target {
        AuditTarget::Csv => (broker::audit::csv(&lines), "csv"),
        AuditTarget::Json => (json(&lines)?, "json"),
    };
    Ok(write_new(Path::new(&request.path), extension, &text)?)
}

async fn whole(callers: &Callers, filter: &AuditFilter) -> Result<Vec<AuditLine>, CoreError> {
    let mut lines: Vec<AuditLine> = Vec::new();
    loop {
        let before = lines.last().map(|line| line.sequence);
        let (page, more) = callers.audit(filter, before, PAGE).await?;
        let ended = !more || page.is_empty();
        lines.extend(page);
        if ended {
            return Ok(lines);
        }
    }
}

fn json(lines: &[AuditLine]) -> Result<String, CoreError> {
    serde_json::to_string_pretty(lines).map_err(|error| CoreError::new(ErrorCode::Defect).detail(error))
}

/// A file that is there is never written over, and the name says what is in it: a page cannot use this to change
/// what other programs read.
fn write_new(path: &Path, extension: &str, text: &str) -> Result<(), CoreError> {
    let bad =
        |problem: &str| CoreError::new(ErrorCode::BadInput).with("field", "path").with("problem", problem);
    if !path.is_absolute() {
        return Err(bad("relative"));
    }
    if path.extension().is_none_or(|one| !one.eq_ignore_ascii_case(extension)) {
        return Err(bad("extension"));
    }
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path).map_err(|error| match error.kind() {
        std::io::ErrorKind::AlreadyExists => bad("taken"),
        std::io::ErrorKind::NotFound => bad("noFolder"),
        _ => CoreError::new(ErrorCode::Storage).detail(error.kind()),
    })?;
    let written = file.write_all(text.as_bytes()).and_then(|()| file.sync_all());
    written.map_err(|error| match error.kind() {
        std::io::ErrorKind::StorageFull => CoreError::new(ErrorCode::DiskFull),
        kind => CoreError::new(ErrorCode::Storage).detail(kind),
    })
}

/// The settings of the local API and of the audit.
pub async fn local_api_get(host: &Host, _request: ()) -> Result<AccessSettings, Failure> {
    Ok(callers(host)?.settings())
}

/// Sets them; answers them as they are kept.
pub async fn local_api_set(host: &Host, request: AccessSettings) -> Result<AccessSettings, Failure> {
    Ok(callers(host)?.set_settings(request).await?)
}

/// An origin as it would be kept; asks nobody.
pub async fn local_api_origin(_host: &Host, request: OriginAsk) -> Result<String, Failure> {
    Ok(broker::settings::origin(&request.origin)?)
}

/// Puts the secret of the HTTP interface on the clipboard. It does not pass through the page that asked.
pub async fn local_api_copy_secret(host: &Host, _request: ()) -> Result<(), Failure> {
    let secret = callers(host)?.http_secret().await?;
    // EXPOSE: onto the clipboard, which the person asked for; nothing of it is logged.
    if host.ports.clipboard.put(secret.expose()) {
        Ok(())
    } else {
        Err(CoreError::new(ErrorCode::Defect).detail("the clipboard did not take the secret").into())
    }
}

/// Makes another secret; programs that hold the one before are refused from now on.
pub async fn local_api_rotate_secret(host: &Host, _request: ()) -> Result<(), Failure> {
    callers(host)?.rotate_http_secret().await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::write_new;

    #[test]
    fn an_export_is_a_new_file_of_its_kind_for_its_owner() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("audit.csv");
        write_new(&path, "csv", "at\r\n").unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "at\r\n");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        }
        let problem =
            |path: &std::path::Path| write_new(path, "csv", "x").unwrap_err().params["problem"].clone();
        assert_eq!(problem(&path), "taken");
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "at\r\n", "nothing is written over");
        assert_eq!(problem(&folder.path().join(".bashrc")), "extension");
        assert_eq!(problem(&folder.path().join("none/audit.csv")), "noFolder");
        assert_eq!(problem(std::path::Path::new("audit.csv")), "relative");
    }
}
