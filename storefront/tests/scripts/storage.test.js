import assert from "node:assert/strict";
import { test } from "node:test";
import { remember, remembered } from "../../static/storefront/stores/storage.js";

const asIs = (value) => value;

test("value is remembered, and forgotten", () => {
  remember("contact", { phone: "112" });
  assert.deepEqual(remembered("contact", asIs), { phone: "112" });
  assert.deepEqual(JSON.parse(localStorage.getItem("botshop:guest:contact")), { phone: "112" });
  remember("contact", null);
  assert.equal(remembered("contact", asIs), null);
  assert.equal(localStorage.getItem("botshop:guest:contact"), null);
});

test("garbage on the device is nothing", () => {
  localStorage.setItem("botshop:guest:cart", "{not json");
  assert.equal(remembered("cart", asIs), null);
});

test("value stays in memory if the device takes none", () => {
  const { localStorage: working } = globalThis;
  globalThis.localStorage = {
    getItem: () => assert.fail("forbidden"),
    setItem: () => assert.fail("full"),
  };
  try {
    remember("cart", [1]);
    assert.deepEqual(remembered("cart", asIs), [1]);
  } finally {
    globalThis.localStorage = working;
  }
});
