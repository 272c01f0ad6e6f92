import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { answers, json, requests } from "./browser.js";
import { isUncertain, send } from "../../static/storefront/stores/order_attempt.js";
import { remember } from "../../static/storefront/stores/storage.js";

const placed = (status = "new") => () => json({ id: 5, status }, 201);
const refused = (status, code) => () => json({ code }, status);
const lost = () => Promise.reject(new TypeError("network"));
const keys = () => requests.map(({ headers }) => headers["Idempotency-Key"]);

/** Send, and return the code of the refusal. */
async function codeOf(answer) {
  answers.push(answer);
  return send({}).then(() => "", ({ code }) => code);
}

beforeEach(() => {
  remember("attempt", null);
  requests.length = answers.length = 0;
});

test("each order has a key of its own", async () => {
  for (let number = 0; number < 2; number += 1) {
    answers.push(placed());
    assert.equal((await send({})).id, 5);
  }
  assert.equal(new Set(keys()).size, 2);
  assert.equal(isUncertain(), false);
});

test("lost answer is uncertain, and the next try has the same key", async () => {
  assert.equal(await codeOf(lost), "network");
  assert.equal(isUncertain(), true);
  assert.equal(await codeOf(placed()), "");
  assert.equal(isUncertain(), false);
  assert.equal(new Set(keys()).size, 1);
});

test("key is on the device while the order is sent", async () => {
  answers.push(() => {
    assert.equal(JSON.parse(localStorage.getItem("botshop:guest:attempt")).uncertain, true);
    return placed()();
  });
  await send({});
});

test("answer that names a shortage makes the attempt certain", async () => {
  await codeOf(lost);
  for (const code of ["out_of_stock", "price_changed", "product_unavailable", "open_orders_limit", "orders_closed", "min_total", "consent_outdated"]) {
    assert.equal(await codeOf(refused(409, code)), code);
    assert.equal(isUncertain(), false, code);
  }
  assert.equal(new Set(keys()).size, 1);
});

test("refusal for another reason says nothing of the order before it", async () => {
  assert.equal(await codeOf(refused(400, "invalid")), "invalid");
  assert.equal(isUncertain(), false);
  await codeOf(lost);
  await codeOf(refused(401, "init_data_expired"));
  assert.equal(isUncertain(), true);
  assert.equal(await codeOf(refused(500, "server_error")), "server_error");
  assert.equal(isUncertain(), true);
});

test("earlier order with this key is not taken for a new one", async () => {
  for (const status of ["sent", "lost", "unheard-of"]) {
    assert.equal(await codeOf(placed(status)), "idempotency_key_reused");
  }
  assert.equal(await codeOf(placed("packed")), "");
  assert.equal(new Set(keys()).size, 4);
});

test("key of another cart is given up", async () => {
  await codeOf(lost);
  await codeOf(refused(422, "idempotency_key_reused"));
  await codeOf(placed());
  assert.deepEqual(keys().map((key) => key === keys()[0]), [true, true, false]);
});

test("garbage on the device is no key", async () => {
  localStorage.setItem("botshop:guest:attempt", JSON.stringify({ key: "ключ", uncertain: true }));
  assert.equal(isUncertain(), false);
  await codeOf(placed());
  assert.match(keys()[0], /^[0-9a-f-]{36}$/);
});
