import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { answers, json, page, requests } from "./browser.js";

page["demo-data"] = "user=%7B%22id%22%3A5%7D&hash=0";
const api = await import("../../static/storefront/api.js");

beforeEach(() => {
  requests.length = answers.length = 0;
});

/** Ask for a product, and return the problem. */
async function problemOf(answer) {
  answers.push(answer);
  return api.product(1).then(() => assert.fail("no problem"), (problem) => problem);
}

test("own orders are asked for with init data, products without", async () => {
  answers.push(() => json({}), () => json({}));
  await api.myOrders(null);
  await api.product(7);
  assert.deepEqual(requests.map(({ path, method, headers }) => [path, method, headers]), [
    ["/api/v1/orders/my", "GET", { "Accept-Language": "ru", Authorization: "tma user=%7B%22id%22%3A5%7D&hash=0" }],
    ["/api/v1/products/7", "GET", { "Accept-Language": "ru" }],
  ]);
});

test("order is sent as JSON with its key", async () => {
  answers.push(() => json({ id: 5 }, 201));
  assert.deepEqual(await api.placeOrder({ items: [] }, "key"), { id: 5 });
  const [{ method, body, headers }] = requests;
  assert.deepEqual([method, JSON.parse(body)], ["POST", { items: [] }]);
  assert.deepEqual([headers["Idempotency-Key"], headers["Content-Type"]], ["key", "application/json"]);
});

test("refusal has the API's code and data", async () => {
  const body = { code: "out_of_stock", items: [{ product_id: 1, available: 2 }] };
  const problem = await problemOf(() => json(body, 409, { "Retry-After": "3" }));
  assert.deepEqual({ ...problem }, { code: "out_of_stock", status: 409, body, retryAfter: 3 });
});

test("answer that is no JSON is an error of the server", async () => {
  for (const status of [200, 502]) {
    const problem = await problemOf(() => new Response("<html>", { status }));
    assert.deepEqual([problem.code, problem.status], ["server_error", status]);
  }
});

test("request without an answer is a network problem", async () => {
  assert.equal((await problemOf(() => Promise.reject(new TypeError("failed")))).code, "network");
});

test("page's own failure is shown as one", () => {
  assert.equal(api.asProblem(new TypeError("bug")).code, "server_error");
  const problem = new api.Problem("timeout");
  assert.equal(api.asProblem(problem), problem);
});
