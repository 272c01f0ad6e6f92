/** Links between pages, with real addresses: they can also be opened in a new tab or copied. */
import { html } from "../html.js";
import { address, go } from "../router.js";

/** @param {{to: import("../router.js").To, children?: import("../html.js").Children, replace?: boolean}} props */
export function Link({ to, children, replace, ...attributes }) {
  /** @param {MouseEvent} event */
  const follow = (event) => {
    if (event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    go(to, { replace });
  };
  return html`<a href=${address(to)} onClick=${follow} ...${attributes}>${children}</a>`;
}
