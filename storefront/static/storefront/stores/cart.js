/** The cart, kept on the device between visits. */
import { productsById } from "../api.js";
import { cleanItems, compared, withChangesAccepted, withShortage } from "./cart_items.js";
import { notify } from "../components/notices.js";
import { t } from "../i18n/language.js";
import { shop } from "../page_data.js";
import { onChangeElsewhere, remember, remembered } from "./storage.js";
import { createStore } from "./store.js";

/** @typedef {import("./cart_items.js").CartItem} CartItem */

const { limits } = shop;
const SHORTAGE_HOLDS = 60_000; // milliseconds for which the refusal of an order is believed more than the catalog

const stored = () => remembered("cart", (value) => cleanItems(value, limits));
export const cart = createStore(stored());
onChangeElsewhere("cart", () => cart.set(stored()));

/** @param {CartItem[]} items */
function save(items) {
  cart.set(items);
  remember("cart", items);
}

/** @param {number} id of a product */
export const quantityInCart = (id) => cart.get().find((item) => item.id === id)?.quantity ?? 0;

/**
 * @param {API.Product} product
 * @param {number} [quantity]
 * @returns {boolean} whether there was room
 */
export function add(product, quantity = 1) {
  const items = cart.get();
  const item = items.find(({ id }) => id === product.id);
  if (item ? item.quantity + quantity > limits.pieces : items.length >= limits.items) {
    notify(t("cartFull", { items: limits.items, pieces: limits.pieces }));
    return false;
  }
  if (item) setQuantity(item.id, item.quantity + quantity);
  else {
    const { id, name, price, images } = product;
    save([...items, { id, quantity, name, price, image: images[0] ?? null }]);
  }
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

/** Compare all items with the catalog. @throws {import("../api.js").Problem} */
export async function check() {
  const ids = cart.get().map(({ id }) => id);
  if (!ids.length) return;
  const onSale = await productsById(ids);
  const knowsShortage = Date.now() - shortageNotedAt < SHORTAGE_HOLDS;
  save(cart.get().map((item) => (ids.includes(item.id) ? compared(item, onSale.get(item.id), knowsShortage) : item)));
}

let shortageNotedAt = 0;

/** Note what an order was refused for. @param {{product_id: number, available?: number}[]} refused */
export function noteShortage(refused) {
  shortageNotedAt = Date.now();
  save(withShortage(cart.get(), refused));
}

/** Go on with what there is, at the prices of now. */
export const acceptChanges = () => save(withChangesAccepted(cart.get()));
