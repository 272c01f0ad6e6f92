/** A page or list with nothing in it: what that means, and where to go. */
import { html } from "../html.js";
import { Icon } from "./icons.js";

export function Empty({ icon, title, hint, children }) {
  return html`<section class="empty">
    <${Icon} name=${icon} />
    <h2>${title}</h2>
    <p>${hint}</p>
    ${children}
  </section>`;
}
