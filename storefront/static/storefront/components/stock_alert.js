/** The button that asks the shop to tell when a sold-out variant is in stock again. */
import * as api from "../api.js";
import { html } from "../html.js";
import { t } from "../i18n/language.js";
import { wordsFor } from "./messages.js";
import { notify } from "./notices.js";
import { useLoading } from "./use_loading.js";
import { initData } from "../telegram/launch.js";
import { useState } from "../vendor/hooks.js";

/** @param {{id: number}} props of a sold-out variant */
export function StockAlert({ id }) {
  return initData && html`<${Known} id=${id} />`;
}

/** For a customer whom the shop knows. @param {{id: number}} props */
function Known({ id }) {
  const { value, change } = useLoading(api.subscriptions, []);
  const [busy, setBusy] = useState(false);
  const waiting = value ?? []; // without an answer the button asks, and asking twice changes nothing
  const waits = waiting.some((each) => each.variant_id === id);
  const press = async () => {
    if (busy) return;
    setBusy(true);
    try {
      await api.setSubscription(id, !waits);
      change(waits ? waiting.filter((each) => each.variant_id !== id) : [...waiting, { variant_id: id }]);
      notify(t(waits ? "noAlert" : "alertAsked"));
    } catch (error) {
      const { title, hint } = wordsFor(api.asProblem(error));
      notify(`${title}. ${hint}`);
    }
    setBusy(false);
  };
  return html`<button type="button" class="button quiet" aria-busy=${busy} onClick=${press}>${t(waits ? "cancelAlert" : "askAlert")}</button>`;
}
