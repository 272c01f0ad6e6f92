/** Categories as rows of chips: the top, and below it what is in the chosen one. */
import { html } from "../html.js";
import { t } from "../i18n/language.js";
import { Link } from "./link.js";
import { categories } from "../page_data.js";
import { useLayoutEffect, useRef } from "../vendor/hooks.js";

const byId = new Map((categories ?? []).map((category) => [category.id, category]));
const below = (parent) => (categories ?? []).filter((category) => (category.parent_id ?? null) === parent);
export const categoryName = (id) => byId.get(id)?.name ?? "";

/** From the top down to a category. */
function pathTo(id) {
  const path = [];
  for (let at = byId.get(id); at && !path.includes(at); at = byId.get(at.parent_id)) path.unshift(at);
  return path;
}

export function Categories({ route }) {
  const path = pathTo(route.category);
  const rows = [null, ...path].map((parent) => ({ parent, children: below(parent?.id ?? null) }));
  return html`<nav class="categories" aria-label=${t("categories")}>
    ${rows.map(({ parent, children }) =>
      children.length > 0 && html`<${Row} key=${parent?.id ?? 0} parent=${parent} chips=${children} route=${route} path=${path} />`)}
  </nav>`;
}

function Row({ parent, chips, route, path }) {
  const row = useRef(null);
  // The chosen chip may be out of sight, after a reload for instance.
  useLayoutEffect(() => {
    const chosen = row.current.querySelector(".chosen");
    if (chosen) row.current.scrollLeft = chosen.offsetLeft - (row.current.clientWidth - chosen.offsetWidth) / 2;
  }, []);
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
