//! What is missing on this computer, the two things that can be put right from here, and a report for whoever helps.

use crate::Host;
use crate::diagnostics;
use crate::dto::{Diagnostics, DiagnosticsSaved, RepairAsk};
use connections::error::{CoreError, ErrorCode};
use connections::view::Failure;
use doctor::{Check, CheckOf, Plan, close_folder, look};
use runtime::{HttpState, VaultProtection};

/// Looks at this computer, and changes nothing. Answers with the vault locked or broken too.
pub async fn doctor_run(host: &Host, _request: ()) -> Result<Vec<Check>, Failure> {
    Ok(look(&plan(host)).await)
}

/// Puts one thing right, as far as this program may, and looks again.
pub async fn doctor_repair(host: &Host, request: RepairAsk) -> Result<Vec<Check>, Failure> {
    match request.of {
        CheckOf::Folder => {
            close_folder(host.runtime.folder())
                .map_err(|error| CoreError::new(ErrorCode::Storage).detail(error.kind()))?;
        }
        CheckOf::Links => {
            if !host.ports.desk.links.register().await {
                tracing::info!("this program could not be made the one for its links");
            }
        }
        CheckOf::Owner | CheckOf::Keychain | CheckOf::Loopback | CheckOf::Port | CheckOf::Clock => {
            return Err(CoreError::new(ErrorCode::BadInput).with("field", "of").into());
        }
    }
    doctor_run(host, ()).await
}

/// The report, for the person to read before it goes anywhere.
pub async fn diagnostics_show(host: &Host, _request: ()) -> Result<Diagnostics, Failure> {
    Ok(Diagnostics { text: report(host).await? })
}

/// Writes the report into a file that the person chooses; none when they choose none.
pub async fn diagnostics_save(host: &Host, _request: ()) -> Result<Option<DiagnosticsSaved>, Failure> {
    let text = report(host).await?;
    let day = jiff::Zoned::now().date();
    let Some(path) = host.ports.files.save(&format!("mooring-diagnostics-{day}.json")).await else {
        return Ok(None);
    };
    host.ports.files.write(&path, text.as_bytes()).map_err(|error| crate::data::not_written(&error))?;
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    host.remember_export(path);
    Ok(Some(DiagnosticsSaved { name }))
}

async fn report(host: &Host) -> Result<String, Failure> {
    let checks = look(&plan(host)).await;
    let report = diagnostics::of(host, &checks).await;
    let text = serde_json::to_string_pretty(&report);
    Ok(text.map_err(|error| CoreError::new(ErrorCode::Defect).detail(error))?)
}

/// What matters here: the keychain where it keeps the key, the port where the person wants it.
fn plan(host: &Host) -> Plan {
    let runtime = &host.runtime;
    let settings = runtime.callers().ok().map(|callers| callers.settings());
    Plan {
        folder: Some(runtime.folder().to_owned()),
        keychain: runtime.protection() != Some(VaultProtection::Passphrase),
        port: settings.filter(|settings| settings.http).map(|settings| settings.port),
        serves_port: matches!(runtime.http(), HttpState::On(_)),
    }
}
