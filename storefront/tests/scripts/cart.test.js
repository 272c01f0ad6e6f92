import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { answers, dispatch, json, page, requests } from "./browser.js";

const { add, cart, check, clearCart, noteShortage, quantityInCart, remove, setQuantity } = await import(
  "../../static/storefront/stores/cart.js"
);
const LIMITS = page["shop-data"].limits;
const variant = (id) => ({ id, product: id + 100, name: `Чай ${id}`, options: [], price: "390.00", image: null });
const quoted = (id, fields = {}) => ({ variant_id: id, product_id: id + 100, name: `Чай ${id}`, options: [], price: "390.00", ...fields });
const quote = (items, problems = []) => json({ items, problems });
const KEY = "botshop:guest:cart";

beforeEach(() => {
  clearCart();
  requests.length = answers.length = 0;
});

test("product is added once, and then counted", () => {
  assert.equal(add(variant(1)), true);
  assert.equal(add(variant(1), 2), true);
  assert.equal(quantityInCart(1), 3);
  assert.deepEqual(JSON.parse(localStorage.getItem(KEY)), cart.get());
});

test("cart takes no more items and pieces than an order", () => {
  for (let id = 1; id <= LIMITS.items; id += 1) add(variant(id));
  assert.equal(add(variant(LIMITS.items + 1)), false);
  assert.equal(add(variant(1), LIMITS.pieces), false);
  setQuantity(1, LIMITS.pieces + 1);
  assert.equal(quantityInCart(1), LIMITS.pieces);
  assert.equal(cart.get().length, LIMITS.items);
});

test("quantity of none removes the item", () => {
  add(variant(1));
  setQuantity(1, 0);
  remove(7); // is not there
  assert.deepEqual(cart.get(), []);
});

test("change in another tab is shown", () => {
  add(variant(1));
  localStorage.setItem(KEY, JSON.stringify([{ ...cart.get()[0], quantity: 5 }]));
  dispatch("storage", { key: KEY });
  assert.equal(quantityInCart(1), 5);
});

test("check asks for all products at once and notes what has changed", async () => {
  add(variant(1));
  add(variant(2));
  answers.push(() => quote([quoted(1, { price: "420.00" })]));
  await check();
  assert.equal(requests[0].path, "/api/v1/cart/quote");
  assert.deepEqual(JSON.parse(requests[0].body), { items: [{ variant_id: 1, quantity: 1 }, { variant_id: 2, quantity: 1 }] });
  assert.deepEqual(
    cart.get().map(({ price, was, gone }) => [price, was, gone]),
    [["420.00", "390.00", undefined], ["390.00", undefined, true]],
  );
});

test("empty cart is checked without a request", async () => {
  await check();
  assert.deepEqual(requests, []);
});

test("item that was added during a check stays as it is", async () => {
  add(variant(1));
  answers.push(() => {
    add(variant(2));
    return quote([quoted(1)]);
  });
  await check();
  assert.deepEqual(cart.get().map(({ id, gone }) => [id, gone]), [[1, undefined], [2, undefined]]);
});

test("shortage is what the shop says at the next check", async () => {
  add(variant(1), 5);
  noteShortage([{ variant_id: 1, available: 3 }]);
  const short = { code: "out_of_stock", detail: "", items: [{ variant_id: 1, requested: 5, available: 2 }] };
  answers.push(() => quote([quoted(1)], [short]));
  await check();
  assert.equal(cart.get()[0].available, 2);
});
