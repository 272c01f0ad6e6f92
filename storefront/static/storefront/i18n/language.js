/** Words, numbers and dates in the customer's language. */
import en from "./en.js";
import { shop } from "../page_data.js";
import ru from "./ru.js";
import { user } from "../telegram/launch.js";

// Telegram's language; in an ordinary browser, what the server has chosen by the browser's.
const code = user?.language_code || document.documentElement.lang;
export const language = /^ru\b/i.test(code) ? "ru" : "en";
const texts = language === "ru" ? ru : en;
const plurals = new Intl.PluralRules(language);
const dates = new Intl.DateTimeFormat(language, { day: "numeric", month: "long", hour: "numeric", minute: "2-digit" });
const wholeMoney = currencyFormat({ maximumFractionDigits: 0, minimumFractionDigits: 0 });
const exactMoney = currencyFormat({});

function currencyFormat(digits) {
  return new Intl.NumberFormat(language, { style: "currency", currency: shop.currency, currencyDisplay: "narrowSymbol", ...digits });
}

/**
 * @param {keyof typeof ru} key
 * @param {Record<string, string | number>} values `count` chooses the form of a plural
 */
export function t(key, values = {}) {
  const text = typeof texts[key] === "string" ? texts[key] : texts[key][plurals.select(values.count)];
  return text.replace(/\{(\w+)\}/g, (_, name) => String(values[name]));
}

/** Prices are texts such as "1990.00"; sums are counted in hundredths, where nothing is rounded. */
export const hundredths = (price) => Math.round(Number(price) * 100);
export const asPrice = (amount) => (amount / 100).toFixed(2);

/** @param {number} amount in hundredths */
export const money = (amount) => (amount % 100 === 0 ? wholeMoney : exactMoney).format(amount / 100);
export const priceText = (price) => money(hundredths(price));
export const dateText = (iso) => dates.format(new Date(iso));
