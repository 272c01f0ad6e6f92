/** What a customer chooses at the checkout besides the contact: delivery, payment, promo code. */
import { t } from "../i18n/language.js";
import { shop } from "../page_data.js";
import { remember, remembered } from "./storage.js";

/** @typedef {{delivery: API.DeliveryChoice | null, payment: number | null, promo: string}} Choice */
/** @typedef {"delivery" | "payment" | "promo" | "pickup_point_id" | "postcode" | "town" | "deliver_on" | "slot"} ChoiceField */
/** @typedef {Partial<Record<ChoiceField | "address", string>>} Mistakes a sentence for each field that is wrong */

const isId = (/** @type {unknown} */ value) => Number.isInteger(value) && Number(value) > 0;
const text = (/** @type {unknown} */ value) => (typeof value === "string" ? value.slice(0, 100) : "");

/** The choice of the last order; dates and codes are for one order. @returns {Choice} */
export function knownChoice() {
  return remembered("choice", (/** @type {any} */ value) => ({
    delivery: isId(value?.delivery?.method_id)
      ? {
          method_id: value.delivery.method_id,
          ...(isId(value.delivery.pickup_point_id) && { pickup_point_id: value.delivery.pickup_point_id }),
          postcode: text(value.delivery.postcode).slice(0, 12),
          town: text(value.delivery.town),
        }
      : null,
    payment: isId(value?.payment) ? value.payment : null,
    promo: "",
  }));
}

/** @param {Choice} choice */
export const keepChoice = (choice) => remember("choice", { delivery: choice.delivery, payment: choice.payment });

/**
 * Drop what the shop does not offer any more, and take what it offers alone.
 * @param {Choice} choice
 * @param {API.DeliveryMethod[]} methods
 * @param {API.PaymentMethod[]} payments
 * @returns {Choice}
 */
export function offered(choice, methods, payments) {
  const { delivery } = choice;
  const method = methods.find(({ id }) => id === delivery?.method_id) ?? (methods.length === 1 ? methods[0] : null);
  return {
    ...choice,
    delivery: method && fitting(delivery ?? { method_id: method.id }, method),
    payment: payments.some(({ id }) => id === choice.payment) ? choice.payment : payments.length === 1 ? payments[0].id : null,
  };
}

/** @param {API.DeliveryChoice} delivery @param {API.DeliveryMethod} method @returns {API.DeliveryChoice} */
function fitting(delivery, method) {
  const points = method.pickup_points;
  const point = points.find(({ id }) => id === delivery.pickup_point_id) ?? (points.length === 1 ? points[0] : undefined);
  return { ...delivery, method_id: method.id, pickup_point_id: point?.id };
}

/** The fields that the method needs, as the API takes them. @param {API.DeliveryChoice | null} delivery @param {API.DeliveryMethod | undefined} method */
export function sentDelivery(delivery, method, address = "") {
  if (!delivery || !method) return undefined;
  const all = { ...delivery, address };
  const needed = Object.entries(all).filter(([name, value]) => value && method.fields.includes(/** @type {any} */ (name)));
  return /** @type {API.DeliveryChoice} */ ({ method_id: method.id, ...Object.fromEntries(needed) });
}

/**
 * @param {Choice} choice
 * @param {string} address
 * @param {API.DeliveryMethod[]} methods
 * @param {API.PaymentMethod[]} payments
 * @returns {Mistakes}
 */
export function mistakesInChoice({ delivery, payment }, address, methods, payments) {
  /** @type {Mistakes} */
  const mistakes = {};
  const method = methods.find(({ id }) => id === delivery?.method_id);
  if (methods.length && !method) mistakes.delivery = t("needDelivery");
  for (const field of method?.fields ?? []) {
    if (field === "address" ? !address : !delivery?.[field]) mistakes[field] = t(`need_${field}`);
  }
  if (payments.length && !payment) mistakes.payment = t("needPayment");
  return mistakes;
}

/** A day of the shop's calendar, as the API writes it. @param {number} later days from today @param {Date} [now] */
export function day(later, now = new Date()) {
  const today = new Intl.DateTimeFormat("en-CA", { timeZone: shop.time_zone, dateStyle: "short" }).format(now);
  const date = new Date(`${today}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() + later);
  return date.toISOString().slice(0, 10);
}
