/** The cart, kept on the device between visits. */
import { quote } from "../api.js";
import { cleanItems, compared, withChangesAccepted, withShortage } from "./cart_items.js";
import { notify } from "../components/notices.js";
import { t } from "../i18n/language.js";
import { shop } from "../page_data.js";
import { onChangeElsewhere, remember, remembered } from "./storage.js";
import { createStore } from "./store.js";

/** @typedef {import("./cart_items.js").CartItem} CartItem */

const { limits } = shop;

const stored = () => remembered("cart", (value) => cleanItems(value, limits));
export const cart = createStore(stored());
onChangeElsewhere("cart", () => cart.set(stored()));

/** @param {CartItem[]} items */
function save(items) {
  cart.set(items);
  remember("cart", items);
}

/** @param {number | null} id of a variant */
export const quantityInCart = (id) => cart.get().find((item) => item.id === id)?.quantity ?? 0;

/**
 * @param {Omit<CartItem, "quantity">} variant
 * @param {number} [quantity]
 * @returns {boolean} whether there was room
 */
export function add(variant, quantity = 1) {
  const items = cart.get();
  const item = items.find(({ id }) => id === variant.id);
  if (item ? item.quantity + quantity > limits.pieces : items.length >= limits.items) {
    notify(t("cartFull", { items: limits.items, pieces: limits.pieces }));
    return false;
  }
  if (item) setQuantity(item.id, item.quantity + quantity);
  else save([...items, { ...variant, quantity }]);
  return true;
}

/** @param {number} id @param {number} quantity */
export function setQuantity(id, quantity) {
  const fitting = Math.min(quantity, limits.pieces);
  if (fitting < 1) return remove(id);
  save(cart.get().map((item) => (item.id === id ? { ...item, quantity: fitting } : item)));
}

/** Remove an item; it can be put back where it was. @param {number} id */
export function remove(id) {
  const before = cart.get();
  const item = before.find((each) => each.id === id);
  if (!item) return;
  const place = before.indexOf(item);
  save(before.filter((each) => each !== item));
  const putBack = () => {
    const now = cart.get();
    if (!now.some((each) => each.id === id)) save([...now.slice(0, place), item, ...now.slice(place)]);
  };
  notify(t("removed", { name: item.name }), { label: t("undo"), run: putBack });
}

export const clearCart = () => save([]);

/** Have the shop price the cart, and note what has changed. @throws {import("../api.js").Problem} */
export async function check() {
  const asked = cart.get();
  if (!asked.length) return;
  const { items, problems } = await quote(asked.map(({ id, quantity }) => ({ variant_id: id, quantity })));
  const quoted = new Map(items.map((item) => [item.variant_id, item]));
  const left = new Map(problems.flatMap((problem) => problem.items ?? []).map((item) => [item.variant_id, item.available]));
  const ids = new Set(asked.map(({ id }) => id));
  save(cart.get().map((item) => (ids.has(item.id) ? compared(item, quoted.get(item.id), left.get(item.id)) : item)));
}

/** Note what an order was refused for. @param {API.Refused[]} refused */
export const noteShortage = (refused) => save(withShortage(cart.get(), refused));

/** Go on with what there is, at the prices of now. */
export const acceptChanges = () => save(withChangesAccepted(cart.get()));
