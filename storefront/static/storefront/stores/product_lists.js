/** Lists of products as far as they were scrolled, kept for the way back. */
import * as api from "../api.js";
import { firstPage } from "../page_data.js";
import { createStore } from "./store.js";

const FRESH = 60_000; // milliseconds for which a list is shown again without asking
const KEPT = 12;

/** @typedef {{items: object[], next: string | null, loading: boolean, problem: import("../api.js").Problem | null}} ProductList */

const lists = new Map();
if (firstPage) keep(keyOf({ category: null, search: "", sort: "" }), opened(firstPage));

function keyOf({ category, search, sort }) {
  return JSON.stringify([category, search, sort]);
}

function opened(page) {
  const state = { items: page?.results ?? [], next: page?.next ?? null, loading: false, problem: null };
  return Object.assign(createStore(state), { scroll: 0, at: Date.now(), asked: null });
}

function keep(key, list) {
  lists.delete(key);
  lists.set(key, list);
  if (lists.size > KEPT) lists.delete(lists.keys().next().value);
  return list;
}

/** The list for a route; `asItWas` for the way back, however old it is. */
export function productList(route, { asItWas }) {
  const key = keyOf(route);
  const known = lists.get(key);
  if (known && (asItWas || Date.now() - known.at < FRESH)) return keep(key, known);
  const list = keep(key, opened(null));
  const { category, search, sort } = route;
  load(list, (signal) =>
    api.products({ category_id: category, search: search.trim(), ordering: sort }, signal),
  );
  return list;
}

/** Ask for the next page, unless it is on its way already. */
export function loadMore(list) {
  const { next, loading, problem } = list.get();
  if (next && !loading && !problem) load(list, (signal) => api.followPage(next, signal));
}

export function retry(list) {
  load(list, list.ask);
}

async function load(list, ask) {
  list.ask = ask;
  list.asked = new AbortController();
  list.set({ ...list.get(), loading: true, problem: null });
  try {
    const page = await ask(list.asked.signal);
    const { items } = list.get();
    const known = new Set(items.map(({ id }) => id));
    const added = page.results.filter(({ id }) => !known.has(id));
    list.at = Date.now();
    list.set({ items: [...items, ...added], next: page.next, loading: false, problem: null });
  } catch (problem) {
    list.set({ ...list.get(), loading: false, problem });
  }
}

/** A list that nobody waits for any more need not come; it is asked for again if somebody comes back. */
export function abandon(list) {
  if (!list.get().loading || list.get().items.length) return;
  list.asked.abort();
  for (const [key, each] of lists) if (each === list) lists.delete(key);
}

/** Prices or stock have changed: all lists are asked for anew. */
export function forgetProductLists() {
  lists.clear();
}

/** A product that is in some list already can be shown at once. */
export function knownProduct(id) {
  for (const list of lists.values()) {
    const found = list.get().items.find((each) => each.id === id);
    if (found) return found;
  }
  return null;
}
