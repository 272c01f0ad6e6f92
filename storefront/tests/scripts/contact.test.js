import assert from "node:assert/strict";
import { test } from "node:test";
import { answers, json, requests } from "./browser.js";

const user = encodeURIComponent(JSON.stringify({ id: 5, first_name: "Анна", last_name: "Ким", language_code: "ru" }));
location.hash = `tgWebAppData=${encodeURIComponent(`user=${user}`)}`;
const { keepAfterOrder, keepContact, knownContact, mistakesIn, phoneInProfile, tidied } = await import(
  "../../static/storefront/stores/contact.js"
);
const contact = { contact_name: "Анна", phone: "+79123456789", address: "", comment: "" };

test("name of a new customer is Telegram's", () => {
  assert.deepEqual(knownContact(), { contact_name: "Анна Ким", phone: "", address: "", comment: "" });
});

test("phone numbers are taken as the API takes them", () => {
  for (const phone of ["12345", "+12345678901", "0"]) assert.deepEqual(mistakesIn({ ...contact, phone }), {}, phone);
  for (const phone of ["", "1234", "x12345", "12345x", "12345\n", "00"]) {
    assert.deepEqual(mistakesIn({ ...contact, phone }), { phone: "Укажите номер." }, phone);
  }
});

test("missing name is a mistake, missing address is none", () => {
  assert.deepEqual(Object.keys(mistakesIn({ ...contact, contact_name: "" })), ["contact_name"]);
  assert.deepEqual(mistakesIn(contact), {});
});

test("copied spaces are tidied before sending", () => {
  const typed = { contact_name: " Анна ", phone: "\u00a0+7\u00a0912\u2009345 67 89 ", address: " Мира 1\n", comment: "" };
  assert.deepEqual(tidied(typed), { contact_name: "Анна", phone: "+7 912 345 67 89", address: "Мира 1", comment: "" });
});

test("contact is remembered within the limits, garbage is not", () => {
  keepContact({ ...contact, phone: "1".repeat(500), address: 7 });
  assert.deepEqual(knownContact(), { ...contact, phone: "1".repeat(12) });
});

test("comment is forgotten after an order, the phone is saved in the profile", async () => {
  answers.push(() => json({}));
  keepAfterOrder({ ...contact, comment: "Позвоните" });
  assert.deepEqual(knownContact(), contact);
  const [{ method, path, body }] = requests.splice(0);
  assert.deepEqual([method, path, JSON.parse(body)], ["PATCH", "/api/v1/users/me", { phone: contact.phone }]);
});

test("phone of the profile is empty if it cannot be asked", async () => {
  answers.push(() => json({ phone: "+7 912" }), () => json({ code: "throttled" }, 429));
  assert.equal(await phoneInProfile(), "+7 912");
  assert.equal(await phoneInProfile(), "");
});
