import assert from "node:assert/strict";
import { test } from "node:test";
import { asPrice, hundredths, moneyFormat, percentOff } from "../../static/storefront/money.js";

const plain = (text) => text.replace(/\s/g, " ");

test("price is counted in hundredths without rounding errors", () => {
  assert.equal(hundredths("0.07"), 7);
  assert.equal(hundredths("1990.00"), 199000);
  assert.equal(hundredths("9999999999.99"), 999999999999);
});

test("amount is sent as the API writes it", () => {
  assert.equal(asPrice(199000), "1990.00");
  assert.equal(asPrice(7), "0.07");
});

test("money has decimals only where there are some", () => {
  const russian = moneyFormat("ru", "RUB");
  assert.equal(plain(russian(199000)), "1 990 ₽");
  assert.equal(plain(russian(249050)), "2 490,50 ₽");
  assert.equal(moneyFormat("en", "RUB")(199000), "₽1,990");
});

test("discount is rounded down", () => {
  assert.equal(percentOff("90.00", "100.00"), 10);
  assert.equal(percentOff("333.33", "500.00"), 33);
  assert.equal(percentOff("0.01", "9999999999.99"), 99);
  assert.equal(percentOff("90.00", null), 0);
});
