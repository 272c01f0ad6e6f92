import assert from "node:assert/strict";
import { test } from "node:test";
import en from "../../static/storefront/i18n/en.js";
import ru from "../../static/storefront/i18n/ru.js";

const user = encodeURIComponent(JSON.stringify({ id: 1, language_code: "ru" }));
location.hash = `tgWebAppData=${encodeURIComponent(`user=${user}`)}`;
document.documentElement.lang = "en"; // of the page; the customer's own language is Telegram's
const { language, priceText, t } = await import("../../static/storefront/i18n/language.js");

const values = (text) => [...new Set(String(text).match(/\{\w+\}/g))].sort();

test("language of the customer in Telegram comes before the browser's", () => {
  assert.equal(language, "ru");
  assert.equal(priceText("1990.00").replace(/\s/g, " "), "1 990 ₽");
});

test("plural has the form of its number", () => {
  const forms = [1, 2, 5, 11, 21, 22].map((count) => t("pieces", { count }));
  assert.deepEqual(forms, ["1 товар", "2 товара", "5 товаров", "11 товаров", "21 товар", "22 товара"]);
});

test("values are put in as they are", () => {
  assert.equal(t("removed", { name: "{name} $& <b>" }), "Удалено: {name} $& <b>");
});

test("both languages have the same texts with the same values", () => {
  assert.deepEqual(Object.keys(en), Object.keys(ru));
  for (const key of Object.keys(ru)) {
    const [russian, english] = [ru[key], en[key]].map((text) => (typeof text === "string" ? { other: text } : text));
    assert.deepEqual(values(english.other), values(russian.other), key);
  }
});

test("plurals have all forms of their language", () => {
  for (const [code, texts] of [["ru", ru], ["en", en]]) {
    const needed = new Intl.PluralRules(code).resolvedOptions().pluralCategories;
    for (const [key, text] of Object.entries(texts)) {
      if (typeof text !== "string") assert.deepEqual(Object.keys(text).sort(), [...needed].sort(), `${code}: ${key}`);
    }
  }
});
