/** Lists of products as far as they were scrolled, kept for the way back. */
import * as api from "./api.js";
import { firstPage } from "./page_data.js";
import { createStore } from "./store.js";

const FRESH = 60_000; // milliseconds for which a list is shown again without asking
const KEPT = 12;

/** @typedef {{items: object[], next: string | null, loading: boolean, problem: import("./api.js").Problem | null}} Listing */

const listings = new Map();
if (firstPage) keep(keyOf({ category: null, search: "", sort: "" }), opened(firstPage));

function keyOf({ category, search, sort }) {
  return JSON.stringify([category, search, sort]);
}

function opened(page) {
  const state = { items: page?.results ?? [], next: page?.next ?? null, loading: false, problem: null };
  return Object.assign(createStore(state), { scroll: 0, at: Date.now(), asked: null });
}

function keep(key, listing) {
  listings.delete(key);
  listings.set(key, listing);
  if (listings.size > KEPT) listings.delete(listings.keys().next().value);
  return listing;
}

/** The list for a route; `asItWas` for the way back, however old it is. */
export function listingOf(route, { asItWas }) {
  const key = keyOf(route);
  const known = listings.get(key);
  if (known && (asItWas || Date.now() - known.at < FRESH)) return keep(key, known);
  const listing = keep(key, opened(null));
  const { category, search, sort } = route;
  load(listing, (signal) =>
    api.products({ category_id: category, search: search.trim(), ordering: sort }, signal),
  );
  return listing;
}

/** Ask for the next page, unless it is on its way already. */
export function loadMore(listing) {
  const { next, loading, problem } = listing.get();
  if (next && !loading && !problem) load(listing, (signal) => api.followPage(next, signal));
}

export function retry(listing) {
  load(listing, listing.ask);
}

async function load(listing, ask) {
  listing.ask = ask;
  listing.asked = new AbortController();
  listing.set({ ...listing.get(), loading: true, problem: null });
  try {
    const page = await ask(listing.asked.signal);
    const { items } = listing.get();
    const known = new Set(items.map(({ id }) => id));
    const added = page.results.filter(({ id }) => !known.has(id));
    listing.at = Date.now();
    listing.set({ items: [...items, ...added], next: page.next, loading: false, problem: null });
  } catch (problem) {
    listing.set({ ...listing.get(), loading: false, problem });
  }
}

/** A list that nobody waits for any more need not come; it is asked for again if somebody comes back. */
export function abandon(listing) {
  if (!listing.get().loading || listing.get().items.length) return;
  listing.asked.abort();
  for (const [key, each] of listings) if (each === listing) listings.delete(key);
}

/** Prices or stock have changed: all lists are asked for anew. */
export function forgetListings() {
  listings.clear();
}

/** A product that is in some list already can be shown at once. */
export function knownProduct(id) {
  for (const listing of listings.values()) {
    const found = listing.get().items.find((each) => each.id === id);
    if (found) return found;
  }
  return null;
}
