import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { answers, json, page, requests } from "./browser.js";

page["demo-data"] = "user=%7B%22id%22%3A7%7D&hash=0";
const { canKeepFavourites, favourites, loadFavourites, toggleFavourite } = await import(
  "../../static/storefront/stores/favourites.js"
);
const done = () => new Response(null, { status: 204 });
const ids = () => [...favourites.get()];

beforeEach(() => {
  favourites.set(new Set());
  requests.length = answers.length = 0;
});

test("customer with init data can keep favourites, and gets the known ones", async () => {
  assert.equal(canKeepFavourites, true);
  answers.push(() => json({ ids: [5, 3] }));
  await loadFavourites();
  assert.deepEqual(ids(), [5, 3]);
  assert.equal(requests[0].path, "/api/v1/users/me/favourites/ids");
  assert.match(requests[0].headers.Authorization, /^tma /);
});

test("heart changes before the shop answers", async () => {
  answers.push(done);
  const sent = toggleFavourite(7);
  assert.deepEqual(ids(), [7]);
  await sent;
  assert.deepEqual(ids(), [7]);
  assert.deepEqual([requests[0].method, requests[0].path], ["PUT", "/api/v1/users/me/favourites/7"]);
});

test("refused heart is as it was", async () => {
  answers.push(() => json({ code: "favourites_limit", detail: "Слишком много." }, 409));
  await toggleFavourite(8);
  assert.deepEqual(ids(), []);
  favourites.set(new Set([8]));
  answers.push(() => json({ code: "server_error" }, 500));
  await toggleFavourite(8);
  assert.deepEqual(ids(), [8]);
});

test("requests of one product are sent one after the other", async () => {
  let release;
  answers.push(() => new Promise((resolve) => (release = () => resolve(done()))), done);
  const first = toggleFavourite(9);
  const second = toggleFavourite(9);
  await Promise.resolve();
  assert.deepEqual(requests.map(({ method }) => method), ["PUT"]);
  assert.deepEqual(ids(), []);
  release();
  await Promise.all([first, second]);
  assert.deepEqual(requests.map(({ method }) => method), ["PUT", "DELETE"]);
  assert.deepEqual(ids(), []);
});

test("what was pressed meanwhile outlives the answer", async () => {
  answers.push(() => json({ ids: [5] }), done); // the request of the heart comes second
  const sent = toggleFavourite(11);
  await loadFavourites();
  await sent;
  assert.deepEqual(ids(), [5, 11]);
});
