/** Ordering the items of an earlier order again. */
import * as api from "../api.js";
import { notify } from "../components/notices.js";
import { t } from "../i18n/language.js";
import { shop } from "../page_data.js";
import { go } from "../router.js";
import { add, quantityInCart } from "./cart.js";
import { titleOf } from "./cart_items.js";

const NAMED = 3; // of what is missing; a notice is short

/**
 * Add what of an order is still sold to the cart, as far as the cart takes it, and say what is missing.
 * @param {API.OrderSummary} order
 * @throws {api.Problem}
 */
export async function repeatOrder(order) {
  const ids = [...new Set(order.items.map((item) => item.product_id))];
  const [{ items, missing }, products] = await Promise.all([
    api.repeatOrder(order.id),
    api.productsById(ids).catch(() => new Map()), // only the pictures come from there
  ]);
  if (!items.length) return notify(t("repeatedNothing"));
  let fits = true;
  for (const { variant_id: id, product_id: product, name, options, price, quantity } of items) {
    const room = shop.limits.pieces - quantityInCart(id);
    const image = products.get(product)?.images[0] ?? null;
    if (quantity > room) fits = false;
    if (room > 0 && !add({ id, product, name, options, price, image }, Math.min(quantity, room))) fits = false;
  }
  const names = missing.slice(0, NAMED).map((item) => `${titleOf(item)} × ${item.quantity}`);
  if (missing.length > NAMED) names.push("…");
  if (missing.length) notify(t("repeatedPart", { missing: names.join("; ") }));
  else if (fits) notify(t("repeated"));
  else notify(t("cartFull", { items: shop.limits.items, pieces: shop.limits.pieces }));
  go({ page: "cart" });
}
