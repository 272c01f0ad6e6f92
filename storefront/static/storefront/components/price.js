/** Price, old price and discount. */
import { html } from "../html.js";
import { priceText, t } from "../i18n/language.js";
import { percentOff } from "../money.js";

/** The price of a variant, or the lowest of a product. @param {{product: Pick<API.Product, "price" | "price_max" | "old_price"> | API.Variant}} props */
export function Price({ product }) {
  const { price, old_price: old } = product;
  const isRange = "price_max" in product && product.price_max !== price;
  return html`<p class="price">
    <strong class=${old && "reduced"}>${isRange ? t("from", { price: priceText(price) }) : priceText(price)}</strong>
    ${old && html` <del><span class="unseen">${t("oldPrice")} </span>${priceText(old)}</del>`}
  </p>`;
}

/** @param {{product: API.Product}} props */
export function Discount({ product }) {
  const percent = percentOff(product.price, product.old_price);
  return percent >= 1 && product.in_stock && html`<span class="badge sale" aria-hidden="true">−${percent}%</span>`;
}
