/** The top of the catalogue, with what is always within reach. */
import { basket, count } from "./basket.js";
import { html } from "./html.js";
import { Icon } from "./icons.js";
import { t } from "./language.js";
import { Link } from "./link.js";
import { useStore } from "./store.js";

export function ShopTop() {
  return html`<header class="shop-top">
    <${Link} class="shop-name" to=${{ page: "catalogue" }}>${t("shop")}<//>
    <${Link} class="round" to=${{ page: "orders" }} aria-label=${t("orders")}><${Icon} name="orders" /><//>
    <${CartLink} />
  </header>`;
}

export function CartLink() {
  const pieces = count(useStore(basket));
  const label = pieces ? `${t("cart")}, ${t("pieces", { count: pieces })}` : t("cart");
  return html`<${Link} class="round" to=${{ page: "cart" }} aria-label=${label}>
    <${Icon} name="cart" />${pieces > 0 && html`<span class="counter">${pieces}</span>`}
  <//>`;
}
