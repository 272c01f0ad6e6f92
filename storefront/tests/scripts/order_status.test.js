import assert from "node:assert/strict";
import { test } from "node:test";
import { page } from "./browser.js";
import { statusesAhead, statusOf } from "../../static/storefront/components/order_status.js";

const statuses = page["shop-data"].order_statuses;

test("order has the statuses of the timeline ahead that follow its own", () => {
  assert.deepEqual(statusesAhead(statuses, "new"), ["packed", "sent"]);
  assert.deepEqual(statusesAhead(statuses, "sent"), []);
});

test("order that left the timeline has nothing ahead", () => {
  assert.deepEqual(statusesAhead(statuses, "lost"), []);
  assert.deepEqual(statusesAhead(statuses, "unheard-of"), []);
});

test("status is found by its value", () => {
  assert.equal(statusOf("lost").label, "Потерян");
  assert.equal(statusOf(undefined), undefined);
});
