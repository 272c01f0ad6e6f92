/** The field for a promo code, folded until it is wanted. */
import { html } from "../html.js";
import { t } from "../i18n/language.js";
import { useState } from "../vendor/hooks.js";

/** @param {{promo: API.Promo | null, code: string, mistake?: string, apply: (code: string) => void}} props */
export function PromoField({ promo, code, mistake, apply }) {
  const [open, setOpen] = useState(Boolean(code));
  const [typed, setTyped] = useState(code);
  if (promo) {
    return html`<p class="promo"><span>${t(promo.is_used ? "promoUsed" : "promoKept", { code: promo.code, name: promo.name })}</span>
      <button type="button" class="text" onClick=${() => { setTyped(""); apply(""); }}>${t("promoRemove")}</button>
    </p>`;
  }
  if (!open) return html`<button type="button" class="text promo-open" onClick=${() => setOpen(true)}>${t("promoOpen")}</button>`;
  /** @param {KeyboardEvent} event */
  const key = (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault(); // else the form orders
    apply(typed.trim());
  };
  return html`<div class="field">
    <label for="promo">${t("promo")}</label>
    <div class="promo">
      <input id="promo" name="promo" maxlength="32" autocomplete="off" autocapitalize="characters" value=${typed} aria-invalid=${Boolean(mistake)}
        aria-describedby=${mistake && "promo-mistake"} onKeyDown=${key} onInput=${(/** @type {any} */ event) => setTyped(event.currentTarget.value)} />
      <button type="button" class="button quiet" onClick=${() => apply(typed.trim())}>${t("promoApply")}</button>
    </div>
    ${mistake && html`<p class="mistake" id="promo-mistake" role="alert">${mistake}</p>`}
  </div>`;
}
