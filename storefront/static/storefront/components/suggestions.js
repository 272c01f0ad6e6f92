/** Suggestions while the customer types: categories, and products with their pictures, in rows that scroll sideways. */
import * as api from "../api.js";
import { html } from "../html.js";
import { t } from "../i18n/language.js";
import { Link } from "./link.js";
import { Picture } from "./picture.js";
import { Price } from "./price.js";
import { useEffect, useState } from "../vendor/hooks.js";

/** @type {API.Suggestions} */
const NOTHING = { products: [], categories: [], corrected: null };

/** @param {{text: string, isListLoading: boolean, onChoose: () => void}} props `text`: what the list shows, or will show */
export function Suggestions({ text, isListLoading, onChoose }) {
  const [{ products, categories }, setFound] = useState(NOTHING);
  useEffect(() => {
    // After the list: the server answers few searches of one customer at a time.
    if (isListLoading) return;
    const asked = new AbortController();
    api.suggestions(text, asked.signal).then(setFound, (problem) => problem.code !== "aborted" && setFound(NOTHING));
    return () => asked.abort();
  }, [text, isListLoading]);
  if (!products.length && !categories.length) return null;
  // Before the link is followed: what was typed last may not be searched yet, and must not be any more.
  return html`<div class="suggestions" role="group" aria-label=${t("suggestions")} onClickCapture=${onChoose}>
    ${categories.length > 0 && html`<ul>
      ${categories.map(({ id, name }) => html`<li key=${id}><${Link} class="chip" to=${{ page: "catalog", category: id }}>${name}<//></li>`)}
    </ul>`}
    ${products.length > 0 && html`<ul>
      ${products.map((product) => html`<li key=${product.id}>
        <${Link} class="suggestion" to=${{ page: "product", id: product.id }}>
          <${Picture} src=${product.image} alt="" soon small />
          <span>${product.name}<${Price} product=${product} /></span>
        <//>
      </li>`)}
    </ul>`}
  </div>`;
}
