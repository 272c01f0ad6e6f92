/** The catalog: search, categories, sorting, and a grid that loads further pages on scrolling. */
import { Categories, categoryName, topCategories } from "../components/categories.js";
import { usePageFocus } from "../components/focus.js";
import { Icon } from "../components/icons.js";
import { Link } from "../components/link.js";
import { Empty, Failure } from "../components/messages.js";
import { announce } from "../components/notices.js";
import { ProductCard, Skeletons } from "../components/product_card.js";
import { SearchField } from "../components/search_field.js";
import { Banner, ClosedNotice } from "../components/shop_notice.js";
import { html } from "../html.js";
import { t } from "../i18n/language.js";
import { arrival, go, sortsFor } from "../router.js";
import { canKeepFavourites } from "../stores/favourites.js";
import { abandon, productList, loadMore, retry } from "../stores/product_lists.js";
import { useStore } from "../stores/store.js";
import { useEffect, useLayoutEffect, useMemo, useRef } from "../vendor/hooks.js";

/** @typedef {import("../router.js").CatalogRoute} CatalogRoute */
/** @typedef {import("../stores/product_lists.js").ProductList} ProductList */

/** @type {Record<string, import("../i18n/language.js").TextKey>} */
const UNDERSTOOD = { most_words: "mostWords" }; // other kinds of corrections have one text
const SEEN_AT_ONCE = 4; // pictures on the first screen of a phone

/** @param {{route: CatalogRoute}} props */
export function CatalogPage({ route }) {
  const { category, search, sort } = route;
  const list = useMemo(() => productList(route, { asItWas: arrival === "travel" }), [category, search, sort]);
  const { items, loading, problem, corrected, found } = useStore(list);
  useEffect(() => () => abandon(list), [list]);
  useScrollPlace(list);
  usePageFocus(category ? categoryName(category) : "");
  const understood = corrected && items.length ? t(UNDERSTOOD[corrected.kind] ?? "corrected", { search: corrected.text }) : "";
  useEffect(() => {
    if (items.length) announce(`${understood} ${t("shown", { count: items.length })}`.trim());
  }, [items.length, understood]);

  return html`<div class="catalog">
    <h1 class="unseen" tabindex="-1">${category ? categoryName(category) : t("catalog")}</h1>
    <div class="finding">
      <${SearchField} route=${route} isListLoading=${loading} />
      ${canKeepFavourites && html`<${Link} class="round" to=${{ page: "favourites" }} aria-label=${t("favourites")}><${Icon} name="heart" /><//>`}
      <${Categories} route=${route} />
    </div>
    <${ClosedNotice} />
    ${!category && !search && html`<${Banner} />`}
    <div class="sorting">
      <h2>${found?.count ? t(found.isExact ? "found" : "foundAbout", { count: found.count }) : category ? categoryName(category) : t("products")}</h2>
      <${Sorting} route=${route} />
    </div>
    ${understood && html`<p class="understood">${understood}</p>`}
    <ul class="grid" aria-busy=${loading}>
      ${items.map((product, index) => html`<${ProductCard} key=${product.id} product=${product} soon=${index < SEEN_AT_ONCE} />`)}
      ${loading && html`<${Skeletons} count=${items.length ? 4 : 8} />`}
    </ul>
    ${problem && html`<${Failure} problem=${problem} retry=${() => retry(list)} />`}
    ${!items.length && !loading && !problem && html`<${Nothing} route=${route} />`}
    <${Further} list=${list} />
  </div>`;
}

/** @param {{route: CatalogRoute}} props */
function Sorting({ route }) {
  const sorts = sortsFor(route.search);
  const chosen = route.sort || sorts[0];
  /** @param {{currentTarget: HTMLSelectElement}} event */
  const choose = ({ currentTarget }) => go({ ...route, sort: currentTarget.value }, { replace: true });
  return html`<select aria-label=${t("sort")} value=${chosen} onChange=${choose}>
    ${sorts.map((each) => html`<option key=${each} value=${each} selected=${each === chosen}>${t(/** @type {import("../i18n/language.js").TextKey} */ (each))}</option>`)}
  </select>`;
}

/** @param {{route: CatalogRoute}} props */
function Nothing({ route: { category, search } }) {
  const kind = search.trim() ? "emptySearch" : category ? "emptyCategory" : "emptyShop";
  useEffect(() => announce(t(kind)), [kind]);
  return html`<${Empty} icon=${search ? "search" : "cart"} title=${t(kind)} hint=${t(/** @type {const} */ (`${kind}Hint`), { search: search.trim() })}>
    ${kind === "emptySearch" && topCategories.length > 0 && html`<nav class="offered" aria-label=${t("offeredCategories")}>
      <p>${t("offeredCategories")}</p>
      <ul>${topCategories.map(({ id, name }) => html`<li key=${id}><${Link} class="chip" to=${{ page: "catalog", category: id }}>${name}<//></li>`)}</ul>
    </nav>`}
    ${kind !== "emptyShop" && html`<${Link} class="button" to=${{ page: "catalog" }}>${t("showAll")}<//>`}
  <//>`;
}

/** The end of the list; the next page is asked for before it comes into sight. @param {{list: ProductList}} props */
function Further({ list }) {
  const end = useRef(/** @type {HTMLDivElement | null} */ (null));
  const { items } = list.get();
  useEffect(() => {
    if (!end.current) return;
    const watch = new IntersectionObserver((seen) => seen[0].isIntersecting && loadMore(list), { rootMargin: "900px" });
    watch.observe(end.current);
    return () => watch.disconnect();
  }, [list, items.length]);
  return html`<div ref=${end}></div>`;
}

/** Start where this list was left, or at its top. @param {ProductList} list */
function useScrollPlace(list) {
  useLayoutEffect(() => {
    if (arrival !== "replace") scrollTo(0, arrival === "travel" ? list.scroll : 0);
    const note = () => void (list.scroll = scrollY);
    addEventListener("scroll", note, { passive: true });
    return () => removeEventListener("scroll", note);
  }, [list]);
}
