/**
 * Routes: `?product=7`, `?view=cart`, `?order=5`, `?page=privacy`, otherwise the catalog.
 *
 * The hash is Telegram's: it stays as it is, so that a reload finds init data there again.
 */
import { shop } from "./page_data.js";
import { createStore } from "./stores/store.js";
import { startParam } from "./telegram/launch.js";

/** @typedef {{page: "catalog", category: number | null, search: string, sort: string}} CatalogRoute */
/** @typedef {{page: "product", id: number}} ProductRoute */
/** @typedef {{page: "order", id: number, placed: boolean}} OrderRoute */
/** @typedef {{page: "text", slug: string}} TextRoute a page of the shop, such as its privacy policy */
/** @typedef {CatalogRoute | ProductRoute | OrderRoute | TextRoute | {page: "cart" | "checkout" | "favourites" | "orders" | "about"}} Route */
/** Where to go; what is left out is the default. */
/** @typedef {{page: Route["page"], id?: number, slug?: string, placed?: boolean, category?: number | null, search?: string, sort?: string}} To */

/** What a list can be sorted by, the default first; `sort` of a route is "" for that. @param {string} search */
export const sortsFor = (search) => (search.trim() ? ["best", ...shop.orderings] : shop.orderings);

/** @param {string} search as `location.search` @returns {Route} */
export function parse(search) {
  const query = new URLSearchParams(search);
  /** @param {string} name */
  const number = (name) => (/^[1-9][0-9]{0,15}$/.test(query.get(name) ?? "") ? Number(query.get(name)) : null);
  if (query.has("product")) return { page: "product", id: number("product") ?? 0 };
  if (query.has("order")) return { page: "order", id: number("order") ?? 0, placed: query.has("placed") };
  if (query.has("page")) return { page: "text", slug: query.get("page") ?? "" };
  const view = query.get("view");
  if (view === "cart" || view === "checkout" || view === "favourites" || view === "orders" || view === "about") return { page: view };
  const sort = shop.orderings.find((each) => each === query.get("sort")) ?? "";
  return { page: "catalog", category: number("category"), search: query.get("search") ?? "", sort };
}

/** The address of a page: only what is not the default is in it. @param {To} to */
export function address({ page, id, slug, placed, category, search = "", sort }) {
  const query = new URLSearchParams();
  if (page === "product" || page === "order") query.set(page, String(id));
  else if (page === "text") query.set("page", String(slug));
  else if (page !== "catalog") query.set("view", page);
  if (placed) query.set("placed", "1");
  if (category) query.set("category", String(category));
  if (search) query.set("search", search);
  if (sort && sort !== sortsFor(search)[0]) query.set("sort", sort);
  const text = query.toString();
  return location.pathname + (text && `?${text}`);
}

history.scrollRestoration = "manual";
// A start parameter counts once: not again after a reload, though it is still in init data.
const isFirstVisit = !Number.isInteger(history.state?.depth);
if (isFirstVisit) {
  const linked = /^p_([1-9][0-9]{0,15})$/.exec(startParam ?? "");
  const given = parse(location.search);
  write(given, 0, "replaceState");
  if (linked) write({ page: "product", id: Number(linked[1]) }, 1, "pushState");
}

/** @param {To} to @param {number} depth @param {"pushState" | "replaceState"} how */
function write(to, depth, how) {
  history[how]({ depth }, "", address(to) + location.hash);
}

export const route = createStore(parse(location.search));
/** How the page was reached: "travel" by back and forward. @type {"start" | "push" | "replace" | "travel"} */
export let arrival = "start";
/** @returns {number} */
export const depth = () => history.state?.depth ?? 0;

/** Browsers keep some 50 steps only, and do nothing at all if asked for one before these. */
const stepsBack = () => Math.min(depth(), window.navigation?.currentEntry?.index ?? history.length - 1);

/** @param {To} to @param {{replace?: boolean}} [options] */
export function go(to, { replace = false } = {}) {
  // A tap on what is shown already is no step that one would want to take back.
  const stays = replace || address(to) === location.pathname + location.search;
  write(to, depth() + (stays ? 0 : 1), stays ? "replaceState" : "pushState");
  arrival = stays ? "replace" : "push";
  route.set(parse(location.search));
}

/** One step back, the same for the browser, Telegram and the button on the page. */
export function goBack() {
  if (stepsBack() > 0) history.back();
  else go({ page: "catalog" }, { replace: true });
}

/** @type {To | null} */
let afterwards = null;

/** Go on from the start of the visit, so that the way back does not lead through what is done. @param {To} to */
export function startOver(to) {
  const steps = stepsBack();
  if (steps === 0) return go(to);
  afterwards = to;
  history.go(-steps);
}

addEventListener("popstate", () => {
  const to = afterwards;
  afterwards = null;
  if (to) return go(to);
  arrival = "travel";
  route.set(parse(location.search));
});
