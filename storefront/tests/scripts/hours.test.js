import assert from "node:assert/strict";
import { test } from "node:test";
import { openNow } from "../../static/storefront/hours.js";

const DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
const hours = DAYS.map((day) => ({ day, opens: day === "sunday" ? null : "10:00", closes: day === "sunday" ? null : "20:00" }));
const inMoscow = (time) => openNow(hours, "Europe/Moscow", new Date(`${time}+03:00`));

test("shop is open from the opening time to the closing time", () => {
  assert.deepEqual(inMoscow("2026-01-26T09:59:59"), { day: 0, closes: null });
  assert.deepEqual(inMoscow("2026-01-26T10:00:00"), { day: 0, closes: "20:00" });
  assert.deepEqual(inMoscow("2026-01-26T19:59:59"), { day: 0, closes: "20:00" });
  assert.deepEqual(inMoscow("2026-01-26T20:00:00"), { day: 0, closes: null });
});

test("day off is closed", () => assert.deepEqual(inMoscow("2026-02-01T12:00:00"), { day: 6, closes: null }));

test("hours are those of the shop's time zone", () => {
  const sundayInVladivostok = new Date("2026-01-31T20:00:00Z");
  assert.deepEqual(openNow(hours, "Asia/Vladivostok", sundayInVladivostok), { day: 6, closes: null });
  const midnight = new Date("2026-01-25T21:00:00Z");
  assert.deepEqual(openNow(hours, "Europe/Moscow", midnight), { day: 0, closes: null });
});
