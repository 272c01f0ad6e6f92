/** The catalogue: search, categories, order, and a grid that goes on. */
import { useArrival } from "./arriving.js";
import { Card, Skeletons } from "./card.js";
import { Categories, categoryName } from "./categories.js";
import { Empty } from "./empty.js";
import { Failure } from "./failure.js";
import { html } from "./html.js";
import { t } from "./language.js";
import { Link } from "./link.js";
import { abandon, listingOf, loadMore, retry } from "./listing.js";
import { announce } from "./notices.js";
import { arrival, go, sortsFor } from "./router.js";
import { SearchField } from "./search.js";
import { useStore } from "./store.js";
import { useEffect, useLayoutEffect, useMemo, useRef } from "./vendor/hooks.js";

const SEEN_AT_ONCE = 4; // pictures on the first screen of a phone

export function Catalogue({ route }) {
  const { category, search, sort } = route;
  const listing = useMemo(() => listingOf(route, { asItWas: arrival === "travel" }), [category, search, sort]);
  const { items, loading, problem } = useStore(listing);
  useEffect(() => () => abandon(listing), [listing]);
  useScrollPlace(listing);
  useArrival(category ? categoryName(category) : "");
  useEffect(() => {
    if (items.length) announce(t("shown", { count: items.length }));
  }, [items.length]);

  return html`<div class="catalogue">
    <h1 class="unseen" tabindex="-1">${category ? categoryName(category) : t("catalogue")}</h1>
    <div class="finding">
      <${SearchField} route=${route} />
      <${Categories} route=${route} />
    </div>
    <div class="sorting">
      <h2>${category ? categoryName(category) : t("products")}</h2>
      <${Sorting} route=${route} />
    </div>
    <ul class="grid" aria-busy=${loading}>
      ${items.map((product, index) => html`<${Card} key=${product.id} product=${product} soon=${index < SEEN_AT_ONCE} />`)}
      ${loading && html`<${Skeletons} count=${items.length ? 4 : 8} />`}
    </ul>
    ${problem && html`<${Failure} problem=${problem} retry=${() => retry(listing)} />`}
    ${!items.length && !loading && !problem && html`<${Nothing} route=${route} />`}
    <${Further} listing=${listing} />
  </div>`;
}

function Sorting({ route }) {
  const sorts = sortsFor(route.search);
  const chosen = route.sort || sorts[0];
  return html`<select aria-label=${t("sort")} value=${chosen} onChange=${(event) => go({ ...route, sort: event.target.value }, { replace: true })}>
    ${sorts.map((each) => html`<option key=${each} value=${each} selected=${each === chosen}>${t(each)}</option>`)}
  </select>`;
}

function Nothing({ route: { category, search } }) {
  const kind = search.trim() ? "emptySearch" : category ? "emptyCategory" : "emptyShop";
  useEffect(() => announce(t(kind)), [kind]);
  return html`<${Empty} icon=${search ? "search" : "cart"} title=${t(kind)} hint=${t(`${kind}Hint`, { search: search.trim() })}>
    ${kind !== "emptyShop" && html`<${Link} class="button" to=${{ page: "catalogue" }}>${t("showAll")}<//>`}
  <//>`;
}

/** The end of the list; the next page is asked for before it comes into sight. */
function Further({ listing }) {
  const end = useRef(null);
  const { items } = listing.get();
  useEffect(() => {
    const watch = new IntersectionObserver((seen) => seen[0].isIntersecting && loadMore(listing), { rootMargin: "900px" });
    watch.observe(end.current);
    return () => watch.disconnect();
  }, [listing, items.length]);
  return html`<div ref=${end}></div>`;
}

/** Start where this list was left, or at its top. */
function useScrollPlace(listing) {
  useLayoutEffect(() => {
    if (arrival !== "replace") scrollTo(0, arrival === "travel" ? listing.scroll : 0);
    const note = () => (listing.scroll = scrollY);
    addEventListener("scroll", note, { passive: true });
    return () => removeEventListener("scroll", note);
  }, [listing]);
}
