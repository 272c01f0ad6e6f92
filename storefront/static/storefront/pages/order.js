/** One order: its status, its items; ordering them again, and cancelling. */
import * as api from "../api.js";
import { confirm } from "../components/confirmation.js";
import { useKeptFocus } from "../components/focus.js";
import { Icon } from "../components/icons.js";
import { Link } from "../components/link.js";
import { MainAction } from "../components/main_action.js";
import { Empty, Failure, wordsFor } from "../components/messages.js";
import { notify } from "../components/notices.js";
import { OrderStatus, statusOf, Timeline } from "../components/order_status.js";
import { PageTop } from "../components/page_top.js";
import { useLoading } from "../components/use_loading.js";
import { html } from "../html.js";
import { dayText, priceText, t } from "../i18n/language.js";
import { go } from "../router.js";
import { titleOf } from "../stores/cart_items.js";
import { repeatOrder } from "../stores/repeat.js";
import { useState } from "../vendor/hooks.js";

/** @typedef {(order: API.Order) => void} Change shows a newer version of the order */

/** @param {{route: import("../router.js").OrderRoute}} props */
export default function OrderPage({ route: { id, placed } }) {
  const { value: order, problem, retry, change } = useLoading(() => api.order(id), [id]);
  const thanks = placed && statusOf(order?.status)?.in_timeline !== false;
  const title = order ? t(thanks ? "placed" : "order", { number: order.number }) : t("loading");
  if (problem?.status === 404) {
    return html`<${PageTop} title=${t("orders")} />
      <${Empty} icon="orders" title=${t("orderGone")} hint=${t("orderGoneHint")}>
        <${Link} class="button" to=${{ page: "orders" }} replace>${t("orders")}<//>
      <//>`;
  }
  return html`<${PageTop} title=${title} hideTitle=${thanks} />
    <div class="narrow" aria-busy=${!order && !problem}>
      ${thanks && html`<div class="thanks">
        <${Icon} name="check" />
        <h1 tabindex="-1">${title}</h1>
        <p>${t("placedHint")}</p>
      </div>`}
      ${problem && html`<${Failure} problem=${problem} retry=${retry} />`}
      ${!order && !problem && html`<div class="skeleton order-row"></div>`}
      ${order && html`<${Details} order=${order} change=${change} placed=${placed} />`}
    </div>
    ${placed && html`<${MainAction} text=${t("toCatalog")} onPress=${() => go({ page: "catalog" })} />`}`;
}

/** @param {{order: API.Order, change: Change, placed: boolean}} props */
function Details({ order, change, placed }) {
  const [busy, setBusy] = useState(false);
  const choices = useKeptFocus();
  /** @param {(order: API.Order, change: Change) => Promise<void>} run */
  const once = (run) => async () => {
    if (busy) return;
    setBusy(true);
    try {
      await run(order, change);
    } catch (error) {
      const { title, hint } = wordsFor(api.asProblem(error));
      notify(`${title}. ${hint}`);
    }
    setBusy(false);
  };
  const waits = order.status === "new" && !order.delivery_agreed;
  return html`
    ${waits && html`<section class="warning" role="status">
      <p><strong>${order.delivery_price === null ? t("deliveryWaits") : t("deliverySet", { price: priceText(order.delivery_price) })}</strong><br />
        ${t(order.delivery_price === null ? "deliveryWaitsHint" : "deliverySetHint")}</p>
      ${order.delivery_price !== null && html`<button type="button" class="button" aria-busy=${busy} onClick=${once(agree)}>${t("agree", { total: priceText(order.total) })}</button>`}
    </section>`}
    <section class="sheet">
      <h2>${t("status")} <${OrderStatus} status=${order.status} /></h2>
      <${Timeline} order=${order} />
    </section>
    <section class="sheet">
      <h2>${t("contents")}</h2>
      <ul class="summary">
        ${order.items.map((item) => html`<li key=${item.variant_id}><span>${titleOf(item)}</span><span>${item.quantity} × ${priceText(item.price)}</span></li>`)}
      </ul>
      ${(Number(order.discount) > 0 || order.delivery_kind) && html`<dl class="sums">
        <div><dt>${t("goods")}</dt><dd>${priceText(order.subtotal)}</dd></div>
        ${Number(order.discount) > 0 && html`<div><dt>${t("discount")}${order.promo_code && ` · ${order.promo_code}`}</dt><dd>−${priceText(order.discount)}</dd></div>`}
        ${order.delivery_kind && html`<div><dt>${order.delivery_name}</dt><dd>${deliveryPrice(order.delivery_price)}</dd></div>`}
      </dl>`}
      <p class="total"><span>${t("total")}</span> <strong>${priceText(order.total)}</strong></p>
      <p class="recipient">${[
        order.contact_name, order.phone, order.pickup_point, [order.postcode, order.town, order.address].filter(Boolean).join(", "),
        [order.deliver_on && dayText(order.deliver_on), order.slot].filter(Boolean).join(", "), order.comment,
      ].filter(Boolean).join("\n")}</p>
    </section>
    ${order.payment_name && html`<section class="sheet">
      <h2>${t("payment")}</h2>
      <p class="recipient">${[order.payment_name, order.payment_text].filter(Boolean).join("\n")}</p>
    </section>`}
    <div class="choices" ref=${choices}>
      ${placed && html`<${Link} class="button quiet" to=${{ page: "orders" }}>${t("orders")}<//>`}
      ${!placed && html`<button type="button" class="button" aria-busy=${busy} onClick=${once(repeatOrder)}>${t("repeat")}</button>`}
      ${statusOf(order.status)?.can_be_cancelled && html`<button type="button" class="button quiet danger" aria-busy=${busy} onClick=${once(cancel)}>${t("cancelOrder")}</button>`}
    </div>`;
}

/** @param {string | null} price */
const deliveryPrice = (price) => (price === null ? t("priceLater") : Number(price) ? priceText(price) : t("free"));

/** Agree to the delivery price that is shown. @param {API.Order} order @param {Change} change */
async function agree(order, change) {
  try {
    change(await api.agreeToDeliveryPrice(order.id, order.delivery_price ?? ""));
    notify(t("agreed"));
  } catch (error) {
    const problem = api.asProblem(error);
    if (!problem.code.startsWith("delivery_price_")) throw problem;
    change(await api.order(order.id));
    notify(t("deliveryPriceChanged"));
  }
}

/** @param {API.Order} order @param {Change} change */
async function cancel(order, change) {
  const sure = await confirm(t("cancelQuestion", { number: order.number }), { yes: t("cancelOrder"), no: t("keepOrder") });
  if (!sure) return;
  try {
    change(await api.cancelOrder(order.id));
    notify(t("cancelled"));
  } catch (error) {
    const problem = api.asProblem(error);
    if (problem.code !== "invalid_transition") throw problem;
    change(await api.order(order.id));
    notify(t("cancelTooLate"));
  }
}
