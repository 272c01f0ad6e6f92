/** Links between pages: real addresses, so that they may also be opened beside or copied. */
import { html } from "../html.js";
import { address, go } from "../router.js";

export function Link({ to, children, replace, ...attributes }) {
  const follow = (event) => {
    if (event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    go(to, { replace });
  };
  return html`<a href=${address(to)} onClick=${follow} ...${attributes}>${children}</a>`;
}
