import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { answers, json, page, requests } from "./browser.js";

page["products-data"] = { next: "http://inner:8000/api/v1/products?cursor=a", results: [{ id: 1 }, { id: 2 }] };
const { abandon, forgetProductLists, knownProduct, loadMore, productList, retry } = await import(
  "../../static/storefront/stores/product_lists.js"
);
const ALL = { category: null, search: "", sort: "" };
const TEA = { category: 3, search: " чай ", sort: "price" };
const ids = (list) => list.get().items.map(({ id }) => id);
/** Wait until a list has its answer. */
const loaded = (list) =>
  new Promise((resolve) => {
    const stop = list.subscribe(() => list.get().loading || (stop(), resolve()));
  });

beforeEach(() => {
  requests.length = answers.length = 0;
});

test("first list comes with the page", () => {
  assert.deepEqual(ids(productList(ALL, { asItWas: false })), [1, 2]);
  assert.deepEqual(requests, []);
  assert.deepEqual(knownProduct(2), { id: 2 });
  assert.equal(knownProduct(3), null);
});

test("next page is asked from this host, and a product that moved is shown once", async () => {
  const list = productList(ALL, { asItWas: false });
  answers.push(() => json({ next: null, results: [{ id: 2 }, { id: 3 }] }));
  loadMore(list);
  loadMore(list); // is on its way already
  await loaded(list);
  assert.deepEqual(ids(list), [1, 2, 3]);
  assert.deepEqual(requests.map(({ path }) => path), ["/api/v1/products?cursor=a"]);
  loadMore(list);
  assert.equal(requests.length, 1);
});

test("filter is sent without its empty values", async () => {
  answers.push(() => json({ next: null, results: [] }));
  await loaded(productList(TEA, { asItWas: false }));
  const { searchParams } = new URL(requests[0].path, location.href);
  assert.deepEqual(Object.fromEntries(searchParams), { category_id: "3", search: "чай", ordering: "price" });
});

test("failed list is asked for again", async () => {
  forgetProductLists();
  answers.push(() => json({ code: "throttled" }, 429, { "Retry-After": "7" }), () => json({ next: null, results: [{ id: 9 }] }));
  const list = productList(TEA, { asItWas: false });
  await loaded(list);
  const { problem } = list.get();
  assert.deepEqual([problem.code, problem.status, problem.retryAfter], ["throttled", 429, 7]);
  retry(list);
  await loaded(list);
  assert.deepEqual([ids(list), list.get().problem], [[9], null]);
});

test("list that nobody waits for is aborted and forgotten", async () => {
  forgetProductLists();
  answers.push((_path, { signal }) => new Promise((_resolve, reject) => signal.addEventListener("abort", reject)));
  const list = productList(TEA, { asItWas: false });
  abandon(list);
  await loaded(list);
  assert.equal(list.get().problem.code, "aborted");
  answers.push(() => json({ next: null, results: [] }));
  const other = productList(TEA, { asItWas: true });
  assert.notEqual(other, list);
  await loaded(other);
});

test("old list is kept for the way back only", async () => {
  forgetProductLists();
  answers.push(() => json({ next: null, results: [{ id: 1 }] }));
  const list = productList(ALL, { asItWas: false });
  await loaded(list);
  list.at -= 61_000;
  assert.equal(productList(ALL, { asItWas: true }), list);
  answers.push(() => json({ next: null, results: [] }));
  const fresh = productList(ALL, { asItWas: false });
  assert.notEqual(fresh, list);
  await loaded(fresh);
});

test("twelve lists are kept", async () => {
  forgetProductLists();
  for (let category = 1; category <= 13; category += 1) {
    answers.push(() => json({ next: null, results: [{ id: category }] }));
    await loaded(productList({ ...ALL, category }, { asItWas: false }));
  }
  assert.equal(knownProduct(1), null);
  assert.deepEqual(knownProduct(2), { id: 2 });
});
