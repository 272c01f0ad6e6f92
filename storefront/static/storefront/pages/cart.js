/** The cart: its items, what has changed since, what it costs. */
import { asProblem } from "../api.js";
import { useKeptFocus } from "../components/focus.js";
import { Icon } from "../components/icons.js";
import { Link } from "../components/link.js";
import { MainAction } from "../components/main_action.js";
import { Empty, WayOn, wordsFor } from "../components/messages.js";
import { PageTop } from "../components/page_top.js";
import { Picture } from "../components/picture.js";
import { ClosedNotice } from "../components/shop_notice.js";
import { Stepper } from "../components/stepper.js";
import { html } from "../html.js";
import { money, priceText, t } from "../i18n/language.js";
import { hundredths } from "../money.js";
import { go } from "../router.js";
import { acceptChanges, cart, check, remove, setQuantity } from "../stores/cart.js";
import { count, hasChanges, hasShortage, isSold, itemTotal, total } from "../stores/cart_items.js";
import { localShop, refreshShop } from "../stores/local_shop.js";
import { useStore } from "../stores/store.js";
import { haptics } from "../telegram/client.js";
import { useEffect, useState } from "../vendor/hooks.js";

export default function CartPage() {
  const items = useStore(cart);
  const [problem, setProblem] = useState(/** @type {import("../api.js").Problem | null} */ (null));
  const compare = () => check().then(() => setProblem(null), (error) => setProblem(asProblem(error)));
  useEffect(() => {
    compare();
    refreshShop();
  }, []);
  const missing = useMissing(total(items));
  const place = useKeptFocus(() => null);

  if (!items.length) {
    return html`<${PageTop} title=${t("cart")} />
      <${Empty} icon="cart" title=${t("emptyCart")} hint=${t("emptyCartHint")}>
        <${Link} class="button" to=${{ page: "catalog" }}>${t("toCatalog")}<//>
      <//>`;
  }
  return html`<${PageTop} title=${t("cart")} />
    <div class="narrow" ref=${place}>
      ${problem && html`<div class="warning" role="alert">
        <p><strong>${wordsFor(problem).title}.</strong> ${t("cartUnchecked")}</p>
        <${WayOn} problem=${problem} retry=${compare} />
      </div>`}
      <${ClosedNotice} />
      ${hasChanges(items) && html`<${Changes} items=${items} />`}
      <ul class="cart-items">${items.map((item) => html`<${CartItem} key=${item.id} item=${item} />`)}</ul>
      <p class="total"><span>${t("total")}, ${t("pieces", { count: count(items.filter(isSold)) })}</span> <strong>${money(total(items))}</strong></p>
      ${missing > 0 && html`<p class="minimum"><span>${t("minTotal", { min: priceText(localShop.get().min_total ?? "0") })}</span> <strong>${t("minTotalMissing", { missing: money(missing) })}</strong></p>`}
    </div>
    <${Action} items=${items} missing=${missing} />`;
}

/** What is missing to the minimum order, in hundredths. @param {number} sum */
function useMissing(sum) {
  const { min_total: least } = useStore(localShop);
  return Math.max(0, (least ? hundredths(least) : 0) - sum);
}

/** @param {{items: import("../stores/cart_items.js").CartItem[], missing: number}} props */
function Action({ items, missing }) {
  const { accepts_orders: accepts } = useStore(localShop);
  if (hasShortage(items)) return html`<${MainAction} text=${t("takeAvailable")} onPress=${acceptChanges} />`;
  if (!accepts || missing) return html`<${MainAction} text=${t("toCatalog")} onPress=${() => go({ page: "catalog" })} />`;
  return html`<${MainAction} text=${t("checkoutButton")} onPress=${toCheckout} />`;
}

function toCheckout() {
  acceptChanges();
  go({ page: "checkout" });
}

/** @param {{items: import("../stores/cart_items.js").CartItem[]}} props */
function Changes({ items }) {
  const short = hasShortage(items);
  useEffect(() => haptics.error(), []);
  return html`<div class="warning" role="alert">
    <p><strong>${t(short ? "shortage" : "changed")}</strong></p>
    ${!short && html`<button type="button" class="button quiet" onClick=${acceptChanges}>${t("understood")}</button>`}
  </div>`;
}

/** @param {{item: import("../stores/cart_items.js").CartItem}} props */
function CartItem({ item }) {
  const { id, name, options, price, image, quantity, was, available, gone } = item;
  const sold = isSold(item);
  return html`<li class=${sold ? "cart-item" : "cart-item unsold"}>
    <${Link} to=${{ page: "product", id: item.product }} tabindex="-1" aria-hidden="true"><${Picture} src=${image} alt="" soon small /><//>
    <div class="what">
      <h2><${Link} to=${{ page: "product", id: item.product }}>${name}<//></h2>
      ${options.length > 0 && html`<p class="each">${options.join(", ")}</p>`}
      ${sold && html`<p class="each">${quantity > 1 ? t("each", { price: priceText(price) }) : ""}</p>`}
      ${was && sold && html`<p class="change">${t("priceWas", { was: priceText(was), now: priceText(price) })}</p>`}
      ${gone && html`<p class="change">${t("gone")}</p>`}
      ${!gone && available === 0 && html`<p class="change">${t("soldOut")}</p>`}
      ${sold && available !== undefined && available < quantity && html`<p class="change">
        ${t("left", { count: available })}
        <button type="button" class="text" onClick=${() => setQuantity(id, available)}>${t("takeRest", { count: available })}</button>
      </p>`}
    </div>
    ${sold
      ? html`<strong class="sum">${money(itemTotal(item))}</strong>
          <${Stepper} id=${id} name=${name} quantity=${quantity} most=${available} />`
      : html`<button type="button" class="round" aria-label=${t("remove", { name })} onClick=${() => remove(id)}><${Icon} name="bin" /></button>`}
  </li>`;
}
