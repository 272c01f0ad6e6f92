/** Arithmetic of the cart, without storage or network. */
import { hundredths } from "../money.js";

/**
 * An item is a variant (`id`) of a product. It remembers name, price and picture as the customer last saw them, so that the cart is readable without a
 * network and can tell what has changed since: `was` is the price before, `available` what is left (0: sold out),
 * `gone` that the product is not sold any more.
 * @typedef {{id: number, product: number, options: string[], quantity: number, name: string, price: string, image: string | null,
 *            was?: string, available?: number, gone?: boolean}} CartItem
 */

/** @param {unknown} value @returns {value is string} */
const isPrice = (value) => typeof value === "string" && /^\d{1,10}(\.\d{1,2})?$/.test(value);
/** @param {unknown} value @param {number} least @returns {value is number} */
const isCount = (value, least) => Number.isInteger(value) && Number(value) >= least;

/**
 * Read the items that were stored on the device; values that cannot be an item are left out.
 * @param {any} stored
 * @param {{items: number, pieces: number}} limits
 * @returns {CartItem[]}
 */
export function cleanItems(stored, limits) {
  if (!Array.isArray(stored)) return [];
  const seen = new Set();
  /** @type {CartItem[]} */
  const items = [];
  for (const item of stored) {
    if (!item || !isCount(item.id, 1) || seen.has(item.id) || !isCount(item.quantity, 1) || !isPrice(item.price)) continue;
    seen.add(item.id);
    items.push({
      id: item.id,
      // Carts of before variants hold ids of products; the first variant of each has the same id.
      product: isCount(item.product, 1) ? item.product : item.id,
      options: Array.isArray(item.options) ? item.options.map(String) : [],
      quantity: Math.min(item.quantity, limits.pieces),
      name: String(item.name ?? ""),
      price: item.price,
      image: typeof item.image === "string" ? item.image : null,
      ...(isPrice(item.was) && { was: item.was }),
      ...(isCount(item.available, 0) && { available: item.available }),
      ...(item.gone === true && { gone: true }),
    });
  }
  return items.slice(0, limits.items);
}

/** @param {CartItem} item */
const isShort = (item) => item.gone || (item.available !== undefined && item.available < item.quantity);
/** @param {CartItem} item */
export const isSold = (item) => !item.gone && item.available !== 0;
/** @param {CartItem[]} items */
export const hasShortage = (items) => items.some(isShort);
/** @param {CartItem[]} items */
export const hasChanges = (items) => items.some((item) => isShort(item) || item.was);
/** Name and options, as people read them. @param {{name: string, options: string[]}} item */
export const titleOf = ({ name, options }) => [name, ...options].join(", ");
/** Pieces of all items. @param {CartItem[]} items */
export const count = (items) => items.reduce((sum, item) => sum + item.quantity, 0);
/** In hundredths. @param {CartItem} item */
export const itemTotal = (item) => hundredths(item.price) * item.quantity;
/** In hundredths; what is not sold any more costs nothing. @param {CartItem[]} items */
export const total = (items) => items.filter(isSold).reduce((sum, item) => sum + itemTotal(item), 0);

/**
 * Compare an item with the quote of the cart.
 * @param {CartItem} item
 * @param {API.QuotedItem | undefined} quoted undefined if it is not on sale
 * @param {number | undefined} left what is left, if that is less than the item asks for
 * @returns {CartItem}
 */
export function compared({ was, gone, available, ...item }, quoted, left) {
  if (!quoted) return { ...item, gone: true };
  const shown = was ?? item.price;
  return {
    ...item,
    name: quoted.name,
    options: quoted.options,
    price: quoted.price,
    ...(hundredths(shown) !== hundredths(quoted.price) && { was: shown }),
    ...(left !== undefined && { available: left }),
  };
}

/**
 * Note what an order was refused for.
 * @param {CartItem[]} items
 * @param {API.Refused[]} refused
 * @returns {CartItem[]}
 */
export function withShortage(items, refused) {
  const short = new Map(refused.map(({ variant_id: id, available }) => [id, available]));
  return items.map((item) => {
    if (!short.has(item.id)) return item;
    const available = short.get(item.id);
    return available === undefined ? { ...item, gone: true } : { ...item, available };
  });
}

/** Keep what there is, at the prices of now. @param {CartItem[]} items @returns {CartItem[]} */
export function withChangesAccepted(items) {
  return items
    .filter(isSold)
    .map(({ was, available, ...item }) => ({ ...item, quantity: Math.min(item.quantity, available ?? item.quantity) }));
}
