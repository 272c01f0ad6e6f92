/** Quantity of a product in the cart, with buttons for one more and one less. */
import { html } from "../html.js";
import { t } from "../i18n/language.js";
import { Icon } from "./icons.js";
import { announce } from "./notices.js";
import { shop } from "../page_data.js";
import { setQuantity } from "../stores/cart.js";
import { haptics } from "../telegram/client.js";

/** @param {{id: number, name: string, quantity: number, most?: number}} props `most`: what is left of the product */
export function Stepper({ id, name, quantity, most = shop.limits.pieces }) {
  /** @param {number} wanted */
  const set = (wanted) => {
    haptics.tap();
    setQuantity(id, wanted);
    if (wanted > 0) announce(`${t("quantityOf", { name })}: ${wanted}`);
  };
  const last = quantity <= 1;
  return html`<div class="stepper" role="group" aria-label=${t("quantityOf", { name })}>
    <button type="button" aria-label=${t(last ? "remove" : "less", { name })} onClick=${() => set(quantity - 1)}>
      <${Icon} name=${last ? "bin" : "minus"} />
    </button>
    <span>${quantity}</span>
    <button type="button" aria-label=${t("more", { name })} aria-disabled=${quantity >= most} onClick=${() => quantity < most && set(quantity + 1)}>
      <${Icon} name="plus" />
    </button>
  </div>`;
}
