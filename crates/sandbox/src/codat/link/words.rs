//! What the pages of the Link journey say beyond the bank's own words, in English and Portuguese.

use crate::bank::words::Language;

/// The texts.
pub(super) struct Words {
    pub practice: &'static str,
    pub practice_note: &'static str,
    pub choose_title: &'static str,
    /// Followed by the company's name.
    pub choose_text: &'static str,
    pub choose: &'static str,
    pub connector: &'static str,
    pub consent_title: &'static str,
    /// Preceded by the client's name.
    pub consent_text: &'static str,
    pub organizations: &'static str,
    pub organization_missing: &'static str,
    pub reads_title: &'static str,
    pub never: &'static str,
    pub decline: &'static str,
    pub done_title: &'static str,
    pub done_text: &'static str,
    pub failed_title: &'static str,
    pub failed_text: &'static str,
    pub error_missing: &'static str,
    pub error_spent: &'static str,
    pub error_gone: &'static str,
    pub names: fn(&str) -> &'static str,
}

/// In this language.
pub(super) const fn words(language: Language) -> &'static Words {
    match language {
        Language::English => &ENGLISH,
        Language::Portuguese => &PORTUGUESE,
    }
}

static ENGLISH: Words = Words {
    practice: "Practice page",
    practice_note: "This platform is made up. Companies, organizations and amounts are synthetic, and nothing leaves this computer.",
    choose_title: "Connect a platform",
    choose_text: "What does this company use?",
    choose: "Continue",
    connector: "This platform is read through a program on your computer. In this practice it is installed already.",
    consent_title: "Connect your organization?",
    consent_text: "would like to read the organization that you choose here.",
    organizations: "Organization",
    organization_missing: "Choose an organization.",
    reads_title: "What it can read",
    never: "It cannot change anything.",
    decline: "Decline",
    done_title: "You are connected",
    done_text: "You can close this window and go back to the app.",
    failed_title: "Nothing was connected",
    failed_text: "You can close this window and try again in the app.",
    error_missing: "There is no such page.",
    error_spent: "This link was used before or is over. Ask for a new one in the app.",
    error_gone: "This connection does not exist any more.",
    names: english,
};

static PORTUGUESE: Words = Words {
    practice: "Página de prática",
    practice_note: "Esta plataforma é inventada. Empresas, organizações e valores são sintéticos, e nada sai deste computador.",
    choose_title: "Conectar uma plataforma",
    choose_text: "O que esta empresa usa?",
    choose: "Continuar",
    connector: "Esta plataforma é lida por um programa no seu computador. Nesta prática ele já está instalado.",
    consent_title: "Conectar sua organização?",
    consent_text: "quer ler a organização que você escolher aqui.",
    organizations: "Organização",
    organization_missing: "Escolha uma organização.",
    reads_title: "O que poderá ler",
    never: "Não poderá alterar nada.",
    decline: "Recusar",
    done_title: "Conexão feita",
    done_text: "Você pode fechar esta janela e voltar ao aplicativo.",
    failed_title: "Nada foi conectado",
    failed_text: "Você pode fechar esta janela e tentar de novo no aplicativo.",
    error_missing: "Esta página não existe.",
    error_spent: "Este link já foi usado ou expirou. Peça um novo no aplicativo.",
    error_gone: "Esta conexão não existe mais.",
    names: portuguese,
};

fn english(data_type: &str) -> &'static str {
    match data_type {
        "company" => "Details of the organization",
        "invoices" => "Invoices",
        "customers" => "Customers",
        "bankAccounts" => "Bank accounts",
        "banking-accounts" => "Accounts",
        "banking-transactions" => "Transactions",
        "banking-accountBalances" => "Balances",
        "commerce-companyInfo" => "Details of the shop",
        "commerce-orders" => "Orders",
        "commerce-payments" => "Payments",
        _ => "Other data",
    }
}

fn portuguese(data_type: &str) -> &'static str {
    match data_type {
        "company" => "Dados da organização",
        "invoices" => "Faturas",
        "customers" => "Clientes",
        "bankAccounts" => "Contas bancárias",
        "banking-accounts" => "Contas",
        "banking-transactions" => "Transações",
        "banking-accountBalances" => "Saldos",
        "commerce-companyInfo" => "Dados da loja",
        "commerce-orders" => "Pedidos",
        "commerce-payments" => "Pagamentos",
        _ => "Outros dados",
    }
}
