import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { answers, dispatch, json, page, requests } from "./browser.js";

const { add, cart, check, clearCart, noteShortage, quantityInCart, remove, setQuantity } = await import(
  "../../static/storefront/stores/cart.js"
);
const LIMITS = page["shop-data"].limits;
const product = (id, fields = {}) => ({ id, name: `Чай ${id}`, price: "390.00", images: [], in_stock: true, ...fields });
const KEY = "botshop:guest:cart";

beforeEach(() => {
  clearCart();
  requests.length = answers.length = 0;
});

test("product is added once, and then counted", () => {
  assert.equal(add(product(1)), true);
  assert.equal(add(product(1), 2), true);
  assert.equal(quantityInCart(1), 3);
  assert.deepEqual(JSON.parse(localStorage.getItem(KEY)), cart.get());
});

test("cart takes no more items and pieces than an order", () => {
  for (let id = 1; id <= LIMITS.items; id += 1) add(product(id));
  assert.equal(add(product(LIMITS.items + 1)), false);
  assert.equal(add(product(1), LIMITS.pieces), false);
  setQuantity(1, LIMITS.pieces + 1);
  assert.equal(quantityInCart(1), LIMITS.pieces);
  assert.equal(cart.get().length, LIMITS.items);
});

test("quantity of none removes the item", () => {
  add(product(1));
  setQuantity(1, 0);
  remove(7); // is not there
  assert.deepEqual(cart.get(), []);
});

test("change in another tab is shown", () => {
  add(product(1));
  localStorage.setItem(KEY, JSON.stringify([{ ...cart.get()[0], quantity: 5 }]));
  dispatch("storage", { key: KEY });
  assert.equal(quantityInCart(1), 5);
});

test("check asks for all products at once and notes what has changed", async () => {
  add(product(1));
  add(product(2));
  answers.push(() => json({ results: [product(1, { price: "420.00" })] }));
  await check();
  const { searchParams } = new URL(requests[0].path, location.href);
  assert.deepEqual(Object.fromEntries(searchParams), { ids: "1,2", page_size: "7" });
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
  add(product(1));
  answers.push(() => {
    add(product(2));
    return json({ results: [product(1)] });
  });
  await check();
  assert.deepEqual(cart.get().map(({ id, gone }) => [id, gone]), [[1, undefined], [2, undefined]]);
});

test("shortage of a refused order outlives the next check", async () => {
  add(product(1), 5);
  noteShortage([{ product_id: 1, available: 3 }]);
  answers.push(() => json({ results: [product(1)] }));
  await check();
  assert.equal(cart.get()[0].available, 3);
});
