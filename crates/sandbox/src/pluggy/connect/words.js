// What the Connect page says, in English and Portuguese.

const english = {
  connect: "Connect",
  consentTitle: "Connect an account",
  consent: "Pluggy will read the data that you share, for the app that sent you. It cannot move money.",
  next: "Continue",
  close: "Close",
  institutions: "Choose an institution",
  search: "Search",
  atInstitution: "Approve at the institution",
  goThere: "Go to the institution",
  waiting: "Waiting for your approval",
  progress: "Connecting",
  connected: "Connected",
  failed: "Not connected",
  accounts: "Accounts",
  creditCards: "Credit cards",
  transactions: "Transactions",
  paymentData: "Payment data",
  investments: "Investments",
  investmentTransactions: "Investment transactions",
  identity: "Identity",
  loans: "Loans",
  done: "done",
};

const portuguese = {
  connect: "Conectar",
  consentTitle: "Conectar uma conta",
  consent: "A Pluggy vai ler os dados que você compartilhar, para o aplicativo que trouxe você. Ela não pode mover dinheiro.",
  next: "Continuar",
  close: "Fechar",
  institutions: "Escolha uma instituição",
  search: "Buscar",
  atInstitution: "Autorize na instituição",
  goThere: "Ir para a instituição",
  waiting: "Esperando sua autorização",
  progress: "Conectando",
  connected: "Conectado",
  failed: "Não conectado",
  accounts: "Contas",
  creditCards: "Cartões de crédito",
  transactions: "Transações",
  paymentData: "Dados de pagamento",
  investments: "Investimentos",
  investmentTransactions: "Transações de investimentos",
  identity: "Identidade",
  loans: "Empréstimos",
  done: "pronto",
};

export const words = document.documentElement.lang === "pt-BR" ? portuguese : english;

/** An element with these properties and children. */
export function make(tag, fields = {}, ...children) {
  const element = Object.assign(document.createElement(tag), fields);
  element.append(...children);
  return element;
}

/** A button that does something. */
export function button(label, act, second = false) {
  const made = make("button", { type: "button", textContent: label, className: second ? "second" : "" });
  made.addEventListener("click", act);
  return made;
}
