/** Addresses of earlier orders, to choose one with a tap. */
import * as api from "../api.js";
import { useKeptFocus } from "./focus.js";
import { html } from "../html.js";
import { t } from "../i18n/language.js";
import { Icon } from "./icons.js";
import { wordsFor } from "./messages.js";
import { notify } from "./notices.js";
import { useLoading } from "./use_loading.js";

/** @param {{typed: string, choose: (address: string) => void}} props */
export function SavedAddresses({ typed, choose }) {
  const { value: saved, change } = useLoading(api.savedAddresses, []);
  const place = useKeptFocus();
  const offered = saved?.filter(({ address }) => address !== typed.trim()) ?? [];
  /** @param {number} id */
  const forget = async (id) => {
    change((saved ?? []).filter((each) => each.id !== id));
    try {
      await api.forgetAddress(id);
    } catch (error) {
      const problem = api.asProblem(error);
      if (problem.status === 404) return; // it was deleted on another device
      change(saved ?? []);
      const { title, hint } = wordsFor(problem);
      notify(`${title}. ${hint}`);
    }
  };
  return html`<ul class="saved" ref=${place} aria-label=${t("savedAddresses")}>
    ${offered.map(({ id, address }) => html`<li key=${id}>
      <button type="button" class="choice" onClick=${() => choose(address)}><${Icon} name="place" /><span>${address}</span></button>
      <button type="button" class="forget" aria-label=${t("forgetAddress", { address })} onClick=${() => forget(id)}><${Icon} name="close" /></button>
    </li>`)}
  </ul>`;
}
