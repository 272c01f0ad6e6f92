/** What this customer's device remembers. Storage may be full, forbidden or full of garbage: the shop goes on. */
import { user } from "../telegram/launch.js";

// Two accounts of Telegram may share a browser; neither may see the other's address.
const PREFIX = `botshop:${user?.id ?? "guest"}:`;
const memory = new Map();

/**
 * @param {string} name
 * @param {(value: any) => any} clean makes something usable of whatever is there; null included
 */
export function remembered(name, clean) {
  let value = memory.get(name) ?? null;
  try {
    value = JSON.parse(localStorage.getItem(PREFIX + name)) ?? value;
  } catch {
    // Not ours, or not allowed.
  }
  return clean(value);
}

export function remember(name, value) {
  memory.set(name, value);
  try {
    if (value === null) localStorage.removeItem(PREFIX + name);
    else localStorage.setItem(PREFIX + name, JSON.stringify(value));
  } catch {
    // It stays in memory until the page goes.
  }
}

/** Call `listener` when another tab has changed what is remembered under `name`. */
export function onChangeElsewhere(name, listener) {
  addEventListener("storage", (event) => {
    if (event.key === PREFIX + name) listener();
  });
}
