/** The pages by name. Only the catalog comes at once; the others follow when the first products are there. */
import { Problem } from "../api.js";
import { CatalogPage } from "./catalog.js";
import { Failure } from "../components/failure.js";
import { html } from "../html.js";
import { useEffect, useState } from "../vendor/hooks.js";

const LATER = {
  product: () => import("./product.js"),
  cart: () => import("./cart.js"),
  checkout: () => import("./checkout.js"),
  orders: () => import("./orders.js"),
  order: () => import("./order.js"),
};
const pages = { catalog: CatalogPage };

async function fetchPage(name) {
  pages[name] = (await LATER[name]()).default;
}

/** Have all pages at hand, so that none needs the network once the shop is open. */
export function fetchOtherPages() {
  const start = () => Object.keys(LATER).forEach((name) => fetchPage(name).catch(() => {})); // said when it is opened
  if (window.requestIdleCallback) requestIdleCallback(start, { timeout: 3000 });
  else setTimeout(start, 1000);
}

/** Older browsers remember of a module that it did not come; only a new page asks again, and that needs the network. */
const reload = () => navigator.onLine && location.reload();

export function Page({ route }) {
  const { page } = route;
  const [problem, setProblem] = useState(null);
  const [, redraw] = useState(0);
  const Shown = pages[page];
  useEffect(() => {
    // What was drawn counts: the page may have come in the meantime, and nobody else would draw it.
    if (!Shown) fetchPage(page).then(() => redraw((times) => times + 1), () => setProblem(new Problem("network")));
  }, [page]);
  if (Shown) return html`<${Shown} route=${route} />`;
  return problem ? html`<${Failure} problem=${problem} retry=${reload} />` : html`<div class="narrow" aria-busy="true"><div class="skeleton order-row"></div></div>`;
}
