//! Programs on this computer, seen from the window: questions, permissions, the audit, the local API.

use crate::Host;
use crate::dto::{
    AuditAsk, AuditExport, AuditPage, AuditSaved, AuditTarget, LocalApiState, OriginAsk, PermissionAnswer,
};
use broker::audit::{AuditFilter, AuditLine};
use broker::settings::AccessSettings;
use broker::view::{CallerView, QuestionView};
use broker::{Allowance, Callers, Withdrawal};
use connections::error::{CoreError, ErrorCode};
use connections::view::{CoreEvent, Failure};
use runtime::HttpState;

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

/// Writes the audit into a file that the person chooses; none when they choose none. Of what is in it the page learns
/// how many lines there are.
pub async fn audit_export(host: &Host, request: AuditExport) -> Result<Option<AuditSaved>, Failure> {
    let lines = whole(&callers(host)?, &request.filter).await?;
    let (text, extension) = match request.target {
        AuditTarget::Csv => (broker::audit::csv(&lines), "csv"),
        AuditTarget::Json => (json(&lines)?, "json"),
    };
    let day = jiff::Zoned::now().date();
    let Some(path) = host.ports.files.save(&format!("mooring-programs-{day}.{extension}")).await else {
        return Ok(None);
    };
    host.ports.files.write(&path, text.as_bytes()).map_err(|error| crate::data::not_written(&error))?;
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    host.remember_export(path);
    Ok(Some(AuditSaved { name, lines: u32::try_from(lines.len()).unwrap_or(u32::MAX) }))
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

/// The settings of the local API and of the audit.
pub async fn local_api_get(host: &Host, _request: ()) -> Result<AccessSettings, Failure> {
    Ok(callers(host)?.settings())
}

/// Sets them; answers them as they are kept.
pub async fn local_api_set(host: &Host, request: AccessSettings) -> Result<AccessSettings, Failure> {
    Ok(callers(host)?.set_settings(request).await?)
}

/// How the HTTP interface stands, once what runs is what the settings want.
pub async fn local_api_state(host: &Host, _request: ()) -> Result<LocalApiState, Failure> {
    Ok(match host.runtime().http_now().await? {
        HttpState::Off => LocalApiState::Off,
        HttpState::On(at) => LocalApiState::On { address: format!("http://{}", at.address) },
        HttpState::Failed(error) => LocalApiState::Failed { failure: error.into() },
    })
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

/// Whether the window should draw the eye: a program waits for the person's word, and the vault is open.
pub fn wants_attention(host: &Host, event: &CoreEvent) -> bool {
    matches!(event, CoreEvent::QuestionsChanged)
        && host.runtime().callers().is_ok_and(|callers| !callers.pending().is_empty())
}
