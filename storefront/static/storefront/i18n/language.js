/** Texts, money and dates in the customer's language. */
import en from "./en.js";
import { hundredths, moneyFormat } from "../money.js";
import { shop } from "../page_data.js";
import ru from "./ru.js";
import { user } from "../telegram/launch.js";

/** @typedef {keyof typeof ru} TextKey */

// Telegram's language; in an ordinary browser, the one that the server has chosen by Accept-Language.
const code = user?.language_code || document.documentElement.lang;
export const language = /^ru\b/i.test(code) ? "ru" : "en";
/** @type {Record<string, string | Record<string, string>>} */
const texts = language === "ru" ? ru : en;
const plurals = new Intl.PluralRules(language);
const dates = new Intl.DateTimeFormat(language, { day: "numeric", month: "long", hour: "numeric", minute: "2-digit" });

/**
 * @param {TextKey} key
 * @param {Record<string, string | number>} values for the `{…}` of the text; `count` chooses the form of a plural
 */
export function t(key, values = {}) {
  const forms = texts[key];
  const text = typeof forms === "string" ? forms : forms[plurals.select(Number(values.count))];
  return text.replace(/\{(\w+)\}/g, (_, name) => String(values[name]));
}

const weekdays = new Intl.DateTimeFormat(language, { weekday: "long", timeZone: "UTC" });
/** Names of the days, from Monday. */
export const dayNames = [1, 2, 3, 4, 5, 6, 7].map((day) => weekdays.format(Date.UTC(2024, 0, day))); // a Monday
export const money = moneyFormat(language, shop.currency);
/** @param {string} price */
export const priceText = (price) => money(hundredths(price));
/** @param {string} iso */
export const dateText = (iso) => dates.format(new Date(iso));
const days = new Intl.DateTimeFormat(language, { weekday: "short", day: "numeric", month: "long", timeZone: "UTC" });
/** A day of the calendar, without a time. @param {string} iso */
export const dayText = (iso) => days.format(new Date(iso));
