/** The status of an order, and its timeline: past events, and the statuses still to come. */
import { html } from "../html.js";
import { dateText, t } from "../i18n/language.js";
import { shop } from "../page_data.js";
import { localShop } from "../stores/local_shop.js";
import { useStore } from "../stores/store.js";

/** @param {string | undefined} value @param {API.OrderStatus[]} [statuses] */
export const statusOf = (value, statuses = shop.order_statuses) => statuses.find((status) => status.value === value);

/**
 * Statuses that an order has yet to pass.
 * @param {API.OrderStatus[]} statuses
 * @param {string} now
 */
export function statusesAhead(statuses, now) {
  const timeline = statuses.filter((status) => status.in_timeline).map(({ value }) => value);
  return timeline.includes(now) ? timeline.slice(timeline.indexOf(now) + 1) : [];
}

/** @param {{order: API.Order}} props */
export function Timeline({ order }) {
  const { order_statuses: statuses } = useStore(localShop);
  const done = order.history.map(({ to_status: status, created_at: at }) => ({ status, at }));
  const ahead = statusesAhead(statuses, order.status).map((status) => ({ status, at: null }));
  return html`<ol class="timeline">
    ${[...done, ...ahead].map(({ status, at }, index) => html`<li
      key=${index} class=${at ? `done ${status}` : ""} aria-current=${index === done.length - 1 ? "step" : undefined}>
      <span>${statusOf(status, statuses)?.label ?? status}</span>
      ${at ? html`<time datetime=${at}>${dateText(at)}</time>` : html`<span class="unseen">(${t("ahead")})</span>`}
    </li>`)}
  </ol>`;
}

/** @param {{status: string}} props */
export function OrderStatus({ status }) {
  return html`<span class="status ${status}">${statusOf(status, useStore(localShop).order_statuses)?.label ?? status}</span>`;
}
