/** My orders, newest first. */
import * as api from "../api.js";
import { Link } from "../components/link.js";
import { Empty, Failure, wordsFor } from "../components/messages.js";
import { notify } from "../components/notices.js";
import { OrderStatus } from "../components/order_status.js";
import { PageTop } from "../components/page_top.js";
import { usePages } from "../components/use_pages.js";
import { html } from "../html.js";
import { dateText, priceText, t } from "../i18n/language.js";
import { titleOf } from "../stores/cart_items.js";
import { repeatOrder } from "../stores/repeat.js";
import { useState } from "../vendor/hooks.js";

export default function OrdersPage() {
  const { items: orders, next, problem, loading, more } = usePages(api.myOrders);
  return html`<${PageTop} title=${t("orders")} />
    <div class="narrow" aria-busy=${loading}>
      <ul class="orders">
        ${orders.map((order) => html`<${OrderRow} key=${order.id} order=${order} />`)}
        ${loading && !orders.length && [1, 2, 3].map((place) => html`<li key=${-place} class="skeleton order-row" aria-hidden="true"></li>`)}
      </ul>
      ${problem && html`<${Failure} problem=${problem} retry=${more} />`}
      ${next && !problem && html`<button type="button" class="button quiet" onClick=${more}>${t("showMore")}</button>`}
      ${!orders.length && !loading && !problem && html`<${Empty} icon="orders" title=${t("emptyOrders")} hint=${t("emptyOrdersHint")}>
        <${Link} class="button" to=${{ page: "catalog" }}>${t("toCatalog")}<//>
      <//>`}
    </div>`;
}

/** @param {{order: API.OrderSummary}} props */
function OrderRow({ order }) {
  const [busy, setBusy] = useState(false);
  const repeat = async () => {
    if (busy) return;
    setBusy(true);
    try {
      await repeatOrder(order);
    } catch (error) {
      const { title, hint } = wordsFor(api.asProblem(error));
      notify(`${title}. ${hint}`);
    }
    setBusy(false);
  };
  return html`<li>
    <${Link} class="order-row" to=${{ page: "order", id: order.id }}>
      <h2>${t("order", { number: order.number })}</h2>
      <${OrderStatus} status=${order.status} />
      <p>${dateText(order.created_at)}</p>
      <strong>${priceText(order.total)}</strong>
      <p class="names">${order.items.map(titleOf).join(", ")}</p>
    <//>
    <button type="button" class="text" aria-label=${t("repeatNumbered", { number: order.number })} aria-busy=${busy} onClick=${repeat}>${t("repeatShort")}</button>
  </li>`;
}
