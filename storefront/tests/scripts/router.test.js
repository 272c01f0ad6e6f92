import assert from "node:assert/strict";
import { test } from "node:test";

location.href = "https://shop.example.org/?startapp=p_7#tgWebAppVersion=9.1";
const { address, depth, go, goBack, parse, route, sortsFor, startOver } = await import("../../static/storefront/router.js");
const router = await import("../../static/storefront/router.js");
const CATALOG = { page: "catalog", category: null, search: "", sort: "" };

test("link to a product opens it, with the catalog behind it", () => {
  assert.deepEqual(route.get(), { page: "product", id: 7 });
  assert.equal(location.hash, "#tgWebAppVersion=9.1");
  assert.equal(depth(), 1);
  goBack();
  assert.deepEqual(route.get(), CATALOG);
  assert.equal(router.arrival, "travel");
});

test("address and route are each other's inverse", () => {
  for (const shown of [
    CATALOG,
    { page: "catalog", category: 3, search: "чай & мёд", sort: "-price" },
    { page: "product", id: 12 },
    { page: "order", id: 5, placed: true },
    { page: "order", id: 5, placed: false },
    { page: "cart" },
    { page: "checkout" },
    { page: "orders" },
    { page: "about" },
    { page: "text", slug: "privacy" },
  ]) {
    assert.deepEqual(parse(new URL(address(shown), location.href).search), shown);
  }
});

test("address has no default values", () => {
  assert.equal(address({ ...CATALOG, sort: "newest" }), "/");
  assert.equal(address({ ...CATALOG, search: "чай", sort: "best" }), `/?${new URLSearchParams({ search: "чай" })}`);
});

test("wrong values in an address are not taken", () => {
  assert.deepEqual(parse("?category=1e3&sort=name&view=admin"), CATALOG);
  assert.deepEqual(parse("?product=-1"), { page: "product", id: 0 });
  assert.deepEqual(parse("?order=9999999999999999999"), { page: "order", id: 0, placed: false });
});

test("search is sorted by relevance first", () => {
  assert.equal(sortsFor("чай")[0], "best");
  assert.equal(sortsFor("  ")[0], "newest");
});

test("tap on what is shown adds no step", () => {
  go({ page: "cart" });
  const before = depth();
  go({ page: "cart" });
  assert.deepEqual([depth(), router.arrival], [before, "replace"]);
});

test("way back does not lead through a finished checkout", () => {
  go({ page: "checkout" });
  startOver({ page: "order", id: 5, placed: true });
  assert.deepEqual(route.get(), { page: "order", id: 5, placed: true });
  assert.equal(depth(), 1);
  goBack();
  assert.deepEqual(route.get(), CATALOG);
});

test("way back from the first page leads to the catalog", () => {
  go({ page: "orders" }, { replace: true });
  goBack();
  assert.deepEqual(route.get(), CATALOG);
});
