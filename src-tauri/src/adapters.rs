//! One Tauri command per command, each a line that passes on. A command without a handler does not compile.

use commands::Host;
#[allow(clippy::wildcard_imports, reason = "whatever the list of commands names")]
use commands::types::*;
use tauri::State;

macro_rules! adapters {
    ($($name:ident: $request:ty => $response:ty,)*) => {
        $(
            #[tauri::command]
            async fn $name(host: State<'_, Host>, request: $request) -> Result<$response, Failure> {
                commands::$name(&host, request).await
            }
        )*

        /// The handler of all commands.
        pub(crate) fn handler() -> impl Fn(tauri::ipc::Invoke) -> bool + Send + Sync + 'static {
            tauri::generate_handler![$($name),*]
        }
    };
}

commands::for_each_command!(adapters);
