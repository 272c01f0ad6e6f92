import assert from "node:assert/strict";
import { test } from "node:test";
import { answers, json, page, requests } from "./browser.js";

const user = encodeURIComponent(JSON.stringify({ id: 1, language_code: "en-GB" }));
location.hash = `tgWebAppData=${encodeURIComponent(`user=${user}`)}`;

test("texts of the shop are asked for if Telegram's language is not the page's", async () => {
  const english = { ...page["shop-data"], language: "en", phone: { pattern: "", message: "Write a number." } };
  answers.push(() => json(english));
  const { localShop } = await import("../../static/storefront/stores/local_shop.js");
  assert.deepEqual(localShop.get(), page["shop-data"]);
  await new Promise((resolve) => localShop.subscribe(resolve));
  assert.deepEqual(localShop.get(), english);
  assert.deepEqual(requests.map(({ path, headers }) => [path, headers]), [["/api/v1/shop", { "Accept-Language": "en" }]]);
});
