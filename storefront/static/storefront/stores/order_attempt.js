/**
 * Sending an order with one idempotency key until the shop has accepted it, so that lost answers make no second order.
 * The key is on the device before the order is sent: a reload keeps it.
 */
import * as api from "../api.js";
import { shop } from "../page_data.js";
import { remember, remembered } from "./storage.js";

const MAX_TRIES_IN_USE = 4; // the first request may still be running: it is waited for
const PAUSE = 1500; // milliseconds
// Codes that say for certain that there is no order with this key.
const NOTHING_PLACED = [
  "out_of_stock", "product_unavailable", "variant_required", "price_changed", "order_too_large", "open_orders_limit", "orders_closed", "min_total",
  "consent_outdated", "promo_unknown", "promo_expired", "promo_min_total", "promo_used_up", "promo_already_used", "delivery_required",
  "delivery_method_unavailable", "delivery_place_not_served", "delivery_field_required", "delivery_min_total", "delivery_too_heavy",
  "payment_method_required", "payment_method_unavailable",
];
// Staff may have confirmed an order by the time it is sent again. One that is further was not placed just now: the shop
// has found an earlier order with this key.
const JUST_PLACED = shop.order_statuses.filter((status) => status.in_timeline).slice(0, 2).map(({ value }) => value);

/** @typedef {{key: string, uncertain: boolean}} Attempt `uncertain`: it was sent and no answer came */

/** @param {any} value @returns {Attempt | null} */
const clean = (value) =>
  value && typeof value.key === "string" && /^[\x21-\x7e]{1,255}$/.test(value.key)
    ? { key: value.key, uncertain: value.uncertain === true }
    : null;
const current = () => remembered("attempt", clean);

/** Whether an order was sent and no answer ever came. */
export const isUncertain = () => current()?.uncertain ?? false;

/** crypto.randomUUID exists with HTTPS and on localhost only. */
function newKey() {
  if (crypto.randomUUID) return crypto.randomUUID();
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Send the order. @param {API.NewOrder} body @throws {api.Problem} */
export async function send(body) {
  const before = current() ?? { key: newKey(), uncertain: false };
  remember("attempt", { key: before.key, uncertain: true });
  try {
    const order = await sendOnceFree(body, before.key);
    if (!JUST_PLACED.includes(order.status)) throw new api.Problem("idempotency_key_reused");
    remember("attempt", null);
    return order;
  } catch (error) {
    const problem = api.asProblem(error);
    if (problem.code === "idempotency_key_reused") remember("attempt", null);
    else remember("attempt", { key: before.key, uncertain: stillUncertain(problem, before.uncertain) });
    throw problem;
  }
}

/** @param {api.Problem} problem @param {boolean} before */
function stillUncertain({ code, status }, before) {
  if (NOTHING_PLACED.includes(code)) return false;
  // Any other refusal of a request says nothing of the ones before it.
  return status >= 400 && status < 500 && code !== "idempotency_key_in_use" ? before : true;
}

/** @param {API.NewOrder} body @param {string} key */
async function sendOnceFree(body, key) {
  for (let time = 1; ; time += 1) {
    try {
      return await api.placeOrder(body, key);
    } catch (error) {
      const problem = api.asProblem(error);
      if (problem.code !== "idempotency_key_in_use" || time === MAX_TRIES_IN_USE) throw problem;
      await new Promise((resolve) => setTimeout(resolve, PAUSE));
    }
  }
}
