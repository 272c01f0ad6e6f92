/**
 * What is in the cart, kept on the device between visits.
 *
 * A item remembers name, price and picture as the customer last saw them, so that the cart is readable without a
 * network and can tell what has changed since: `was` is the price before, `available` what is left (0: sold out),
 * `gone` that the product is not sold any more.
 */
import { productsById } from "../api.js";
import { notify } from "../components/notices.js";
import { hundredths, t } from "../i18n/language.js";
import { onChangeElsewhere, remember, remembered } from "./storage.js";
import { createStore } from "./store.js";

const MAX_ITEMS = 100;
export const MAX_PIECES = 999;
const SHORTAGE_HOLDS = 60_000; // milliseconds for which the refusal of an order is believed more than the catalog

/** @typedef {{id: number, quantity: number, name: string, price: string, image: string | null,
 *             was?: string, available?: number, gone?: boolean}} Line */

const isPrice = (value) => typeof value === "string" && /^\d{1,10}(\.\d{1,2})?$/.test(value);
const isCount = (value, least) => Number.isInteger(value) && value >= least;

/** @returns {Line[]} */
function clean(value) {
  if (!Array.isArray(value)) return [];
  const seen = new Set();
  const items = [];
  for (const item of value) {
    if (!item || !isCount(item.id, 1) || seen.has(item.id) || !isCount(item.quantity, 1) || !isPrice(item.price)) continue;
    seen.add(item.id);
    items.push({
      id: item.id,
      quantity: Math.min(item.quantity, MAX_PIECES),
      name: String(item.name ?? ""),
      price: item.price,
      image: typeof item.image === "string" ? item.image : null,
      ...(isPrice(item.was) && { was: item.was }),
      ...(isCount(item.available, 0) && { available: item.available }),
      ...(item.gone === true && { gone: true }),
    });
  }
  return items.slice(0, MAX_ITEMS);
}

export const cart = createStore(remembered("cart", clean));
onChangeElsewhere("cart", () => cart.set(remembered("cart", clean)));

function save(items) {
  cart.set(items);
  remember("cart", items);
}

export const quantityInCart = (id) => cart.get().find((item) => item.id === id)?.quantity ?? 0;
const shortOf = (item) => item.gone || (item.available !== undefined && item.available < item.quantity);
export const isSold = (item) => !item.gone && item.available !== 0;
export const hasShortage = (items) => items.some(shortOf);
export const hasChanges = (items) => items.some((item) => shortOf(item) || item.was);
export const count = (items) => items.reduce((sum, item) => sum + item.quantity, 0);
/** In hundredths; what is not sold any more costs nothing. */
export const total = (items) => items.filter(isSold).reduce((sum, item) => sum + itemTotal(item), 0);
export const itemTotal = (item) => hundredths(item.price) * item.quantity;

/** @returns {boolean} whether there was room */
export function add(product, quantity = 1) {
  const items = cart.get();
  const item = items.find(({ id }) => id === product.id);
  if (item ? item.quantity + quantity > MAX_PIECES : items.length >= MAX_ITEMS) {
    notify(t("cartFull"));
    return false;
  }
  if (item) setQuantity(item.id, item.quantity + quantity);
  else {
    const { id, name, price, images } = product;
    save([...items, { id, quantity, name, price, image: images[0] ?? null }]);
  }
  return true;
}

export function setQuantity(id, quantity) {
  const fitting = Math.min(quantity, MAX_PIECES);
  if (fitting < 1) return remove(id);
  save(cart.get().map((item) => (item.id === id ? { ...item, quantity: fitting } : item)));
}

/** Take a item out; it can be put back where it was. */
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

/** Compare with the shop. @throws {import("../api.js").Problem} */
export async function check() {
  const ids = cart.get().map(({ id }) => id);
  if (!ids.length) return;
  const onSale = await productsById(ids);
  save(cart.get().map((item) => (ids.includes(item.id) ? compared(item, onSale.get(item.id)) : item)));
}

/** @returns {Line} */
function compared({ was, gone, available, ...item }, product) {
  if (!product) return { ...item, gone: true };
  const shown = was ?? item.price;
  // How many are left is told only to who orders more; the catalog knows no more than whether there are any.
  const known = Date.now() - shortageNotedAt < SHORTAGE_HOLDS ? available : undefined;
  return {
    ...item,
    name: product.name,
    price: product.price,
    image: product.images[0] ?? null,
    ...(hundredths(shown) !== hundredths(product.price) && { was: shown }),
    ...(product.in_stock ? known !== undefined && { available: known } : { available: 0 }),
  };
}

let shortageNotedAt = 0;

/** Note down what an order was refused for. @param {{product_id: number, available?: number}[]} items */
export function noteShortage(items) {
  shortageNotedAt = Date.now();
  const short = new Map(items.map((item) => [item.product_id, item.available]));
  save(
    cart.get().map((item) => {
      if (!short.has(item.id)) return item;
      const available = short.get(item.id);
      return available === undefined ? { ...item, gone: true } : { ...item, available };
    }),
  );
}

/** Go on with what there is, at the prices of now. */
export function acceptChanges() {
  save(
    cart
      .get()
      .filter(isSold)
      .map(({ was, available, ...item }) => ({ ...item, quantity: Math.min(item.quantity, available ?? item.quantity) })),
  );
}
