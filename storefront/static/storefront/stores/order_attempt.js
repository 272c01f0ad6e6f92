/**
 * The checkout under way. One key goes with it until the shop has said yes: whatever gets lost between, the shop knows
 * that it is the same order. It is on the device before the order is sent, so that even a reload loses nothing.
 */
import * as api from "../api.js";
import { remember, remembered } from "./storage.js";

const TIMES_IN_USE = 4; // the first request may still be under way: it is waited for
const PAUSE = 1500;
// These say for certain that there is no order with this key.
const NOTHING_PLACED = ["out_of_stock", "product_unavailable", "price_changed", "order_too_large", "open_orders_limit"];
// An order that is this far was not placed just now: the shop has found an earlier one with this key.
const OVER = ["shipped", "completed", "cancelled"];

const clean = (value) =>
  value && typeof value.key === "string" && /^[\x21-\x7e]{1,255}$/.test(value.key)
    ? { key: value.key, uncertain: value.uncertain === true }
    : null;
const current = () => remembered("attempt", clean);

/** Whether an order was sent and no answer ever came. */
export const isUncertain = () => current()?.uncertain ?? false;

/** randomUUID is there with HTTPS and on one's own machine only. */
function newKey() {
  if (crypto.randomUUID) return crypto.randomUUID();
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Send the order. @returns {Promise<object>} the order @throws {api.Problem} */
export async function send(body) {
  const before = current() ?? { key: newKey(), uncertain: false };
  remember("attempt", { key: before.key, uncertain: true });
  try {
    const order = await sendOnceFree(body, before.key);
    if (OVER.includes(order.status)) throw new api.Problem("idempotency_key_reused");
    remember("attempt", null);
    return order;
  } catch (problem) {
    if (problem.code === "idempotency_key_reused") remember("attempt", null);
    else remember("attempt", { key: before.key, uncertain: stillUncertain(problem, before.uncertain) });
    throw problem;
  }
}

function stillUncertain({ code, status }, before) {
  if (NOTHING_PLACED.includes(code)) return false;
  // Any other refusal of a request says nothing of the ones before it.
  return status >= 400 && status < 500 && code !== "idempotency_key_in_use" ? before : true;
}

async function sendOnceFree(body, key) {
  for (let time = 1; ; time += 1) {
    try {
      return await api.placeOrder(body, key);
    } catch (problem) {
      if (problem.code !== "idempotency_key_in_use" || time === TIMES_IN_USE) throw problem;
      await new Promise((resolve) => setTimeout(resolve, PAUSE));
    }
  }
}
