/** The pages by name. Only the catalog is loaded at once; the others follow when the first products are there. */
import { Problem } from "../api.js";
import { CatalogPage } from "./catalog.js";
import { Failure } from "../components/messages.js";
import { html } from "../html.js";
import { useEffect, useState } from "../vendor/hooks.js";

/** @typedef {import("../router.js").Route} Route */
/** @typedef {Exclude<Route["page"], "catalog">} Later */

const LATER = {
  product: () => import("./product.js"),
  cart: () => import("./cart.js"),
  checkout: () => import("./checkout.js"),
  favourites: () => import("./favourites.js"),
  orders: () => import("./orders.js"),
  order: () => import("./order.js"),
  about: () => import("./about.js"),
  text: () => import("./text.js"),
};
/** @type {Partial<Record<Route["page"], import("../vendor/preact.js").ComponentType<any>>>} */
const pages = { catalog: CatalogPage };

/** @param {Later} name */
async function fetchPage(name) {
  pages[name] = (await LATER[name]()).default;
}

/** Load all pages, so that none needs the network once the shop is open. */
export function fetchOtherPages() {
  const names = /** @type {Later[]} */ (Object.keys(LATER));
  const start = () => names.forEach((name) => fetchPage(name).catch(() => {})); // reported when the page is opened
  if ("requestIdleCallback" in window) requestIdleCallback(start, { timeout: 3000 });
  else setTimeout(start, 1000);
}

/** Older browsers remember of a module that it did not come; only a reload asks again, and that needs the network. */
const reload = () => navigator.onLine && location.reload();

/** @param {{route: Route}} props */
export function Page({ route }) {
  const { page } = route;
  const [problem, setProblem] = useState(/** @type {Problem | null} */ (null));
  const [, redraw] = useState(0);
  const Shown = pages[page];
  useEffect(() => {
    // What was drawn counts: the page may have come in the meantime, and nothing else would draw it.
    if (Shown || page === "catalog") return;
    fetchPage(page).then(() => redraw((times) => times + 1), () => setProblem(new Problem("network")));
  }, [page]);
  if (Shown) return html`<${Shown} route=${route} />`;
  return problem ? html`<${Failure} problem=${problem} retry=${reload} />` : html`<div class="narrow" aria-busy="true"><div class="skeleton order-row"></div></div>`;
}
