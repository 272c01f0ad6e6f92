/** The top of the catalog: logo and name, about the shop, orders, cart. */
import { html } from "../html.js";
import { t } from "../i18n/language.js";
import { Icon } from "./icons.js";
import { Link } from "./link.js";
import { shop } from "../page_data.js";
import { thumbnail } from "./picture.js";
import { cart } from "../stores/cart.js";
import { count } from "../stores/cart_items.js";
import { useStore } from "../stores/store.js";

export function ShopTop() {
  return html`<header class="shop-top">
    <${Link} class="shop-name" to=${{ page: "catalog" }}>
      ${shop.logo && html`<img class="logo" src=${thumbnail(shop.logo)} alt="" width="40" height="40" />`}<span>${shop.name}</span>
    <//>
    <${Link} class="round" to=${{ page: "about" }} aria-label=${t("about")}><${Icon} name="info" /><//>
    <${Link} class="round" to=${{ page: "orders" }} aria-label=${t("orders")}><${Icon} name="orders" /><//>
    <${CartLink} />
  </header>`;
}

export function CartLink() {
  const pieces = count(useStore(cart));
  const label = pieces ? `${t("cart")}, ${t("pieces", { count: pieces })}` : t("cart");
  return html`<${Link} class="round" to=${{ page: "cart" }} aria-label=${label}>
    <${Icon} name="cart" />${pieces > 0 && html`<span class="counter">${pieces}</span>`}
  <//>`;
}
