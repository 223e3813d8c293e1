import Pizzly from "@nangohq/pizzly-frontend";

const told = document.querySelector("output");

document.querySelector("button").addEventListener("click", async () => {
  told.textContent = "";
  const pizzly = new Pizzly(document.body.dataset.server);
  try {
    told.textContent = JSON.stringify({ given: await pizzly.auth("oidc", "ana") });
  } catch (error) {
    told.textContent = JSON.stringify({ refused: error });
  }
});
