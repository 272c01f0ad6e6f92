/** Stand-in for the parts of a browser that the scripts need without a document; loaded before each test file. */

import { webcrypto } from "node:crypto";

/** JSON as the server puts it into the page, with facts of another shop; a test may change it before its imports. */
export const page = {
  "shop-data": {
    name: "botshop",
    logo: null,
    accent: null,
    banner: null,
    contacts: { phone: "", telegram_username: "", email: "", address: "" },
    time_zone: "Europe/Moscow",
    hours: [],
    min_total: null,
    accepts_orders: true,
    notice: "",
    pages: [],
    bot_url: "https://t.me/my_shop_bot",
    currency: "RUB",
    language: "ru",
    limits: { items: 5, pieces: 9, contact_name: 20, phone: 12, address: 30, comment: 40, search: 50, ids: 5 },
    phone: { pattern: "\\+?[0-9]{5,11}|0", message: "Укажите номер." },
    order_statuses: [
      { value: "new", label: "Новый", in_timeline: true, is_final: false, can_be_cancelled: true },
      { value: "packed", label: "Собран", in_timeline: true, is_final: false, can_be_cancelled: false },
      { value: "sent", label: "Отправлен", in_timeline: true, is_final: true, can_be_cancelled: false },
      { value: "lost", label: "Потерян", in_timeline: false, is_final: true, can_be_cancelled: false },
    ],
    orderings: ["newest", "price", "-price"],
    page_size: { default: 2, max: 7 },
    thumbnails: { width: 480, pattern: "products/[0-9a-f]{2}\\.(?:jpg|webp)", suffix: ".thumb.webp" },
  },
  "categories-data": [],
  "products-data": { next: null, previous: null, results: [] },
};

class Storage {
  values = new Map();
  getItem = (name) => this.values.get(name) ?? null;
  setItem = (name, value) => void this.values.set(name, String(value));
  removeItem = (name) => void this.values.delete(name);
}

const listeners = {};
const location = new URL("https://shop.example.org/");
const entries = [{ state: null, url: location.href }];
let at = 0;

function write(state, url, place) {
  at = place;
  entries.splice(at, entries.length, { state, url: new URL(url, location.href).href });
  location.href = entries[at].url;
}

const history = {
  get state() {
    return entries[at].state;
  },
  get length() {
    return entries.length;
  },
  pushState: (state, _title, url) => write(state, url, at + 1),
  replaceState: (state, _title, url) => write(state, url, at),
  go(steps) {
    at += steps;
    location.href = entries[at].url;
    dispatch("popstate", {});
  },
  back: () => history.go(-1),
};

export function dispatch(type, event) {
  for (const listener of listeners[type] ?? []) listener(event);
}

/** Answers of the API in order, each made by a function of (path, options); the requests are kept. */
export const requests = [];
export const answers = [];

export const json = (body, status = 200, headers = {}) => new Response(JSON.stringify(body), { status, headers });

function fetch(path, options) {
  requests.push({ path, ...options });
  const answer = answers.shift();
  if (!answer) throw new Error(`nothing answers ${path}`);
  return Promise.resolve(answer(path, options));
}

const given = {
  crypto: webcrypto, // Node.js 18 has no global one
  location,
  history,
  fetch,
  localStorage: new Storage(),
  document: {
    documentElement: { lang: "ru" },
    getElementById: (id) => (id in page ? { textContent: JSON.stringify(page[id]) } : null),
  },
  addEventListener: (type, listener) => void (listeners[type] ??= []).push(listener),
  // Timers of the page must not keep a test's process alive.
  setTimeout: ((setTimeout) => (...of) => setTimeout(...of).unref())(globalThis.setTimeout),
};
for (const [name, value] of Object.entries(given)) {
  Object.defineProperty(globalThis, name, { value, writable: true, configurable: true });
}
globalThis.window = globalThis;
