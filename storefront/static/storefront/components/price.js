/** Price, old price, and how much less that is. */
import { html } from "../html.js";
import { hundredths, priceText, t } from "../i18n/language.js";

export function Price({ product }) {
  const { price, old_price: old } = product;
  return html`<p class="price">
    <strong class=${old && "reduced"}>${priceText(price)}</strong>
    ${old && html` <del><span class="unseen">${t("oldPrice")} </span>${priceText(old)}</del>`}
  </p>`;
}

export function Discount({ product }) {
  const { price, old_price: old } = product;
  // Whole numbers: with fractions a tenth off becomes 9 percent.
  const percent = old ? Math.floor(((hundredths(old) - hundredths(price)) * 100) / hundredths(old)) : 0;
  return percent >= 1 && product.in_stock && html`<span class="badge sale" aria-hidden="true">−${percent}%</span>`;
}
