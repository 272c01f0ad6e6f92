/**
 * What is in the cart, kept on the device between visits.
 *
 * A line remembers name, price and picture as the customer last saw them, so that the cart is readable without a
 * network and can tell what has changed since: `was` is the price before, `available` what is left (0: sold out),
 * `gone` that the product is not sold any more.
 */
import { productsById } from "./api.js";
import { hundredths, t } from "./language.js";
import { notify } from "./notices.js";
import { onChangeElsewhere, remember, remembered } from "./storage.js";
import { createStore } from "./store.js";

const MOST_LINES = 100;
export const MOST_PIECES = 999;
const SHORTAGE_HOLDS = 60_000; // milliseconds for which the refusal of an order is believed more than the catalogue

/** @typedef {{id: number, quantity: number, name: string, price: string, image: string | null,
 *             was?: string, available?: number, gone?: boolean}} Line */

const isPrice = (value) => typeof value === "string" && /^\d{1,10}(\.\d{1,2})?$/.test(value);
const isCount = (value, least) => Number.isInteger(value) && value >= least;

/** @returns {Line[]} */
function clean(value) {
  if (!Array.isArray(value)) return [];
  const seen = new Set();
  const lines = [];
  for (const line of value) {
    if (!line || !isCount(line.id, 1) || seen.has(line.id) || !isCount(line.quantity, 1) || !isPrice(line.price)) continue;
    seen.add(line.id);
    lines.push({
      id: line.id,
      quantity: Math.min(line.quantity, MOST_PIECES),
      name: String(line.name ?? ""),
      price: line.price,
      image: typeof line.image === "string" ? line.image : null,
      ...(isPrice(line.was) && { was: line.was }),
      ...(isCount(line.available, 0) && { available: line.available }),
      ...(line.gone === true && { gone: true }),
    });
  }
  return lines.slice(0, MOST_LINES);
}

export const basket = createStore(remembered("cart", clean));
onChangeElsewhere("cart", () => basket.set(remembered("cart", clean)));

function save(lines) {
  basket.set(lines);
  remember("cart", lines);
}

export const inBasket = (id) => basket.get().find((line) => line.id === id)?.quantity ?? 0;
const shortOf = (line) => line.gone || (line.available !== undefined && line.available < line.quantity);
export const isSold = (line) => !line.gone && line.available !== 0;
export const hasShortage = (lines) => lines.some(shortOf);
export const hasChanges = (lines) => lines.some((line) => shortOf(line) || line.was);
export const count = (lines) => lines.reduce((sum, line) => sum + line.quantity, 0);
/** In hundredths; what is not sold any more costs nothing. */
export const total = (lines) => lines.filter(isSold).reduce((sum, line) => sum + lineTotal(line), 0);
export const lineTotal = (line) => hundredths(line.price) * line.quantity;

/** @returns {boolean} whether there was room */
export function add(product, quantity = 1) {
  const lines = basket.get();
  const line = lines.find(({ id }) => id === product.id);
  if (line ? line.quantity + quantity > MOST_PIECES : lines.length >= MOST_LINES) {
    notify(t("cartFull"));
    return false;
  }
  if (line) setQuantity(line.id, line.quantity + quantity);
  else {
    const { id, name, price, images } = product;
    save([...lines, { id, quantity, name, price, image: images[0] ?? null }]);
  }
  return true;
}

export function setQuantity(id, quantity) {
  const fitting = Math.min(quantity, MOST_PIECES);
  if (fitting < 1) return remove(id);
  save(basket.get().map((line) => (line.id === id ? { ...line, quantity: fitting } : line)));
}

/** Take a line out; it can be put back where it was. */
export function remove(id) {
  const before = basket.get();
  const line = before.find((each) => each.id === id);
  if (!line) return;
  const place = before.indexOf(line);
  save(before.filter((each) => each !== line));
  const putBack = () => {
    const now = basket.get();
    if (!now.some((each) => each.id === id)) save([...now.slice(0, place), line, ...now.slice(place)]);
  };
  notify(t("removed", { name: line.name }), { label: t("undo"), run: putBack });
}

export const emptyBasket = () => save([]);

/** Compare with the shop. @throws {import("./api.js").Problem} */
export async function check() {
  const ids = basket.get().map(({ id }) => id);
  if (!ids.length) return;
  const onSale = await productsById(ids);
  save(basket.get().map((line) => (ids.includes(line.id) ? compared(line, onSale.get(line.id)) : line)));
}

/** @returns {Line} */
function compared({ was, gone, available, ...line }, product) {
  if (!product) return { ...line, gone: true };
  const shown = was ?? line.price;
  // How many are left is told only to who orders more; the catalogue knows no more than whether there are any.
  const known = Date.now() - shortageNotedAt < SHORTAGE_HOLDS ? available : undefined;
  return {
    ...line,
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
    basket.get().map((line) => {
      if (!short.has(line.id)) return line;
      const available = short.get(line.id);
      return available === undefined ? { ...line, gone: true } : { ...line, available };
    }),
  );
}

/** Go on with what there is, at the prices of now. */
export function acceptChanges() {
  save(
    basket
      .get()
      .filter(isSold)
      .map(({ was, available, ...line }) => ({ ...line, quantity: Math.min(line.quantity, available ?? line.quantity) })),
  );
}
