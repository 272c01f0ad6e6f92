/** Lists of products as far as they were scrolled, kept for the way back. */
import * as api from "../api.js";
import { firstPage } from "../page_data.js";
import { createStore } from "./store.js";

/** How many products a search finds; estimated if they are very many. @typedef {{count: number, isExact: boolean}} Found */
/**
 * `corrected`: how a search was understood; `found` is null until it is known, and without a search.
 * @typedef {{items: API.Product[], next: string | null, loading: boolean, problem: api.Problem | null, corrected: API.Corrected | null, found: Found | null}} State
 */
/** @typedef {(signal: AbortSignal) => Promise<API.Page<API.Product>>} Ask */
/**
 * A list with its state, its place on the screen, when it was loaded, and its last request.
 * @typedef {import("./store.js").Store<State> & {scroll: number, at: number, asked: AbortController, ask: Ask | null}} ProductList
 */
/** @typedef {Pick<import("../router.js").CatalogRoute, "category" | "search" | "sort">} Filter */

const FRESH = 60_000; // milliseconds for which a list is shown again without asking
const KEPT = 12;

/** @type {Map<string, ProductList>} */
const lists = new Map();
if (firstPage) keep(keyOf({ category: null, search: "", sort: "" }), opened(firstPage));

/** @param {Filter} filter */
function keyOf({ category, search, sort }) {
  return JSON.stringify([category, search, sort]);
}

/** @param {API.Page<API.Product> | null} page @returns {ProductList} */
function opened(page) {
  /** @type {State} */
  const state = { items: page?.results ?? [], next: page?.next ?? null, loading: false, problem: null, corrected: null, found: null };
  return Object.assign(createStore(state), { scroll: 0, at: Date.now(), asked: new AbortController(), ask: null });
}

/** @param {string} key @param {ProductList} list */
function keep(key, list) {
  lists.delete(key);
  lists.set(key, list);
  for (const oldest of lists.keys()) {
    if (lists.size <= KEPT) break;
    lists.delete(oldest);
  }
  return list;
}

/**
 * The list for a route.
 * @param {Filter} filter
 * @param {{asItWas: boolean}} options `asItWas`: for the way back, however old the list is
 */
export function productList(filter, { asItWas }) {
  const key = keyOf(filter);
  const known = lists.get(key);
  if (known && (asItWas || Date.now() - known.at < FRESH)) return keep(key, known);
  const list = keep(key, opened(null));
  const { category, search, sort } = filter;
  load(list, (signal) => api.products({ category_id: category, search: search.trim(), ordering: sort }, signal)).then(() =>
    countFound(list, { category_id: category, search: search.trim() }),
  );
  return list;
}

/** Tell how many products a search finds: those that are here, or as many as the server counts. @param {ProductList} list @param {{category_id: number | null, search: string}} filter */
async function countFound(list, filter) {
  const { items, next, problem } = list.get();
  if (!filter.search || problem) return;
  if (!next) return list.set({ ...list.get(), found: { count: items.length, isExact: true } });
  try {
    const { total, is_exact: isExact } = await api.facets(filter);
    list.set({ ...list.get(), found: { count: total, isExact } });
  } catch {
    // The list is shown without the number.
  }
}

/** Ask for the next page, unless it is on its way already. @param {ProductList} list */
export function loadMore(list) {
  const { next, loading, problem } = list.get();
  if (next && !loading && !problem) load(list, (signal) => api.followPage(next, signal));
}

/** @param {ProductList} list */
export function retry(list) {
  if (list.ask) load(list, list.ask);
}

/** @param {ProductList} list @param {Ask} ask */
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
    const corrected = page.corrected ?? list.get().corrected; // further pages are of the corrected search
    list.set({ ...list.get(), items: [...items, ...added], next: page.next, loading: false, problem: null, corrected });
  } catch (error) {
    list.set({ ...list.get(), loading: false, problem: api.asProblem(error) });
  }
}

/** Stop loading a list that is not shown any more; it is asked for again when it is. @param {ProductList} list */
export function abandon(list) {
  if (!list.get().loading || list.get().items.length) return;
  list.asked.abort();
  for (const [key, each] of lists) if (each === list) lists.delete(key);
}

/** Prices or stock have changed: all lists are asked for anew. */
export function forgetProductLists() {
  lists.clear();
}

/** A product that is in some list already can be shown at once. @param {number} id */
export function knownProduct(id) {
  for (const list of lists.values()) {
    const found = list.get().items.find((each) => each.id === id);
    if (found) return found;
  }
  return null;
}
