/** The status of an order, and its timeline: past events, and the statuses still to come. */
import { html } from "../html.js";
import { dateText, t } from "../i18n/language.js";

const WAY = ["new", "confirmed", "shipped", "completed"];

/** @typedef {import("../i18n/language.js").TextKey} TextKey */

/** @param {string} status */
const label = (status) => t(/** @type {TextKey} */ (`status_${status}`));

/** @param {{order: API.Order}} props */
export function Timeline({ order }) {
  const done = order.history.map(({ to_status: status, created_at: at }) => ({ status, at }));
  const ahead = order.status === "cancelled" ? [] : WAY.slice(WAY.indexOf(order.status) + 1).map((status) => ({ status, at: null }));
  return html`<ol class="timeline">
    ${[...done, ...ahead].map(({ status, at }, index) => html`<li
      key=${index} class=${at ? `done ${status}` : ""} aria-current=${index === done.length - 1 ? "step" : undefined}>
      <span>${label(status)}</span>
      ${at ? html`<time datetime=${at}>${dateText(at)}</time>` : html`<span class="unseen">(${t("ahead")})</span>`}
    </li>`)}
  </ol>`;
}

/** @param {{status: string}} props */
export function OrderStatus({ status }) {
  return html`<span class="status ${status}">${label(status)}</span>`;
}
