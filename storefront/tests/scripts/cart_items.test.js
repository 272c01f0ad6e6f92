import assert from "node:assert/strict";
import { test } from "node:test";
import {
  cleanItems,
  compared,
  count,
  hasChanges,
  hasShortage,
  titleOf,
  total,
  withChangesAccepted,
  withShortage,
} from "../../static/storefront/stores/cart_items.js";

const LIMITS = { items: 3, pieces: 9 };
const tea = { id: 1, product: 1, options: [], quantity: 2, name: "Чай", price: "390.00", image: null };
const honey = { id: 2, product: 5, options: ["500 г"], quantity: 3, name: "Мёд", price: "0.10", image: "https://shop.example.org/a.jpg" };
const quoted = { variant_id: 1, product_id: 1, name: "Иван-чай", options: [], sku: "T", price: "390.00", quantity: 2, total: "780.00" };

test("stored items are restored", () => {
  const stored = [tea, { ...honey, was: "0.20", available: 1 }, { ...tea, id: 3, gone: true }];
  assert.deepEqual(cleanItems(JSON.parse(JSON.stringify(stored)), LIMITS), stored);
});

test("garbage on the device makes no item", () => {
  for (const garbage of [null, 7, "x", {}, [null], [7], [[]], [{ id: 1 }]]) assert.deepEqual(cleanItems(garbage, LIMITS), []);
  const wrong = [
    { ...tea, id: 0 },
    { ...tea, id: 1.5 },
    { ...tea, id: "1" },
    { ...tea, quantity: 0 },
    { ...tea, quantity: "2" },
    { ...tea, price: "free" },
    { ...tea, price: 390 },
    { ...tea, price: "390.001" },
  ];
  assert.deepEqual(cleanItems(wrong, LIMITS), []);
});

test("stored items are kept within the limits, and each product once", () => {
  const stored = [{ ...tea, quantity: 500 }, tea, honey, { ...tea, id: 3 }, { ...tea, id: 4 }];
  assert.deepEqual(
    cleanItems(stored, LIMITS).map(({ id, quantity }) => [id, quantity]),
    [[1, 9], [2, 3], [3, 2]],
  );
});

test("wrong notes of an item are dropped, the item stays", () => {
  assert.deepEqual(cleanItems([{ ...tea, was: "dear", available: -1, gone: "yes", image: 5 }], LIMITS), [tea]);
});

test("total and count are exact, and without what is not sold", () => {
  assert.equal(total([tea, honey]), 78030);
  assert.equal(total([{ ...tea, gone: true }, { ...honey, available: 0 }]), 0);
  assert.equal(count([tea, honey]), 5);
});

test("unchanged item changes nothing but its texts", () => {
  assert.deepEqual(compared(tea, quoted, undefined), { ...tea, name: "Иван-чай" });
  assert.equal(hasChanges([compared(tea, quoted, undefined)]), false);
});

test("new price is noted with the first one that was shown", () => {
  const dearer = compared(tea, { ...quoted, price: "420.00" }, undefined);
  assert.deepEqual([dearer.price, dearer.was], ["420.00", "390.00"]);
  assert.equal(compared(dearer, { ...quoted, price: "430.00" }, undefined).was, "390.00");
  assert.equal(compared(dearer, quoted, undefined).was, undefined);
});

test("item that is not on sale is gone, and comes back", () => {
  const gone = compared(tea, undefined, undefined);
  assert.equal(gone.gone, true);
  assert.equal(hasShortage([gone]), true);
  assert.equal(compared(gone, quoted, undefined).gone, undefined);
});

test("shortage is noted, and forgotten when there is enough again", () => {
  const short = compared(tea, quoted, 1);
  assert.deepEqual([short.available, hasShortage([short])], [1, true]);
  assert.equal(compared(tea, quoted, 0).available, 0);
  assert.equal(compared(short, quoted, undefined).available, undefined);
});

test("cart of before variants holds ids of products, which the first variants have, too", () => {
  const { product, options, ...old } = tea;
  assert.deepEqual(cleanItems([{ ...old, id: 7 }], LIMITS), [{ ...old, id: 7, product: 7, options: [] }]);
});

test("title has the options", () => {
  assert.equal(titleOf(honey), "Мёд, 500 г");
  assert.equal(titleOf(tea), "Чай");
});

test("shortage of a refused order is noted", () => {
  const [short] = withShortage([tea], [{ product_id: 1, variant_id: 1, requested: 2, available: 1 }]);
  assert.equal(short.available, 1);
});

test("refused product without a number is gone; others stay as they are", () => {
  const [gone, other] = withShortage([tea, honey], [{ variant_id: 1 }]);
  assert.equal(gone.gone, true);
  assert.equal(other, honey);
});

test("accepted changes leave what there is, at the new prices", () => {
  const items = [{ ...tea, was: "350.00" }, { ...honey, available: 1 }, { ...tea, id: 3, gone: true }, { ...tea, id: 4, available: 0 }];
  assert.deepEqual(withChangesAccepted(items), [tea, { ...honey, quantity: 1 }]);
  assert.equal(hasChanges(withChangesAccepted(items)), false);
});
