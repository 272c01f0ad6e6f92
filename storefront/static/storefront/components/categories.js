/** Categories as rows of chips: the top level, and below it the children of the chosen one. */
import { html } from "../html.js";
import { t } from "../i18n/language.js";
import { Link } from "./link.js";
import { categories } from "../page_data.js";
import { useLayoutEffect, useRef } from "../vendor/hooks.js";

const byId = new Map(categories.map((category) => [category.id, category]));
/** @param {number | null} parent */
const below = (parent) => categories.filter((category) => category.parent_id === parent);
export const topCategories = below(null);
/** @param {number} id */
export const categoryName = (id) => byId.get(id)?.name ?? "";

/** From the top down to a category. @param {number | null} id */
function pathTo(id) {
  /** @type {API.Category[]} */
  const path = [];
  for (let at = byId.get(id ?? 0); at && !path.includes(at); at = byId.get(at.parent_id ?? 0)) path.unshift(at);
  return path;
}

/** @typedef {import("../router.js").CatalogRoute} CatalogRoute */

/** @param {{route: CatalogRoute}} props */
export function Categories({ route }) {
  const path = pathTo(route.category);
  const rows = [null, ...path].map((parent) => ({ parent, children: below(parent?.id ?? null) }));
  return html`<nav class="categories" aria-label=${t("categories")}>
    ${rows.map(({ parent, children }) =>
      children.length > 0 && html`<${Row} key=${parent?.id ?? 0} parent=${parent} chips=${children} route=${route} path=${path} />`)}
  </nav>`;
}

/** @param {{parent: API.Category | null, chips: API.Category[], route: CatalogRoute, path: API.Category[]}} props */
function Row({ parent, chips, route, path }) {
  const row = useRef(/** @type {HTMLUListElement | null} */ (null));
  // The chosen chip may be out of sight, after a reload for instance.
  useLayoutEffect(() => {
    const chosen = /** @type {HTMLElement | null | undefined} */ (row.current?.querySelector(".chosen"));
    if (row.current && chosen) row.current.scrollLeft = chosen.offsetLeft - (row.current.clientWidth - chosen.offsetWidth) / 2;
  }, []);
  /** @param {number | null} id @param {string} name */
  const chip = (id, name) => {
    const chosen = id === (parent?.id ?? null) ? route.category === id : path.some((each) => each.id === id);
    return html`<li key=${id}>
      <${Link} class=${chosen ? "chip chosen" : "chip"} to=${{ ...route, category: id }}
        aria-current=${route.category === id ? "true" : undefined}>${name}<//>
    </li>`;
  };
  return html`<ul ref=${row} aria-label=${parent ? t("subcategories", { name: parent.name }) : undefined}>
    ${chip(parent?.id ?? null, t("all"))}
    ${chips.map((category) => chip(category.id, category.name))}
  </ul>`;
}
