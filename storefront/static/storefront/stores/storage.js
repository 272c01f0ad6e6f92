/** localStorage per customer. It may be full, forbidden or hold garbage: the shop goes on without it. */
import { user } from "../telegram/launch.js";

// Two accounts of Telegram may share a browser; neither may see the other's address.
const PREFIX = `botshop:${user?.id ?? "guest"}:`;
/** @type {Map<string, any>} */
const memory = new Map();

/**
 * @template T
 * @param {string} name
 * @param {(value: any) => T} clean makes a usable value of anything, null included
 */
export function remembered(name, clean) {
  let value = memory.get(name) ?? null;
  try {
    value = JSON.parse(localStorage.getItem(PREFIX + name) ?? "null") ?? value;
  } catch {
    // Not ours, or not allowed.
  }
  return clean(value);
}

/** @param {string} name @param {unknown} value null to forget it */
export function remember(name, value) {
  memory.set(name, value);
  try {
    if (value === null) localStorage.removeItem(PREFIX + name);
    else localStorage.setItem(PREFIX + name, JSON.stringify(value));
  } catch {
    // It stays in memory until the page goes.
  }
}

/** Call `listener` when another tab has changed a value. @param {string} name @param {() => void} listener */
export function onChangeElsewhere(name, listener) {
  addEventListener("storage", (event) => {
    if (event.key === PREFIX + name) listener();
  });
}
