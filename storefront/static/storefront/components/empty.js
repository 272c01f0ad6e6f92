/** An empty page or list: what that means, and where to go. */
import { html } from "../html.js";
import { Icon } from "./icons.js";

/** @param {{icon: import("./icons.js").IconName, title: string, hint: string, children?: import("../html.js").Children}} props */
export function Empty({ icon, title, hint, children }) {
  return html`<section class="empty">
    <${Icon} name=${icon} />
    <h2>${title}</h2>
    <p>${hint}</p>
    ${children}
  </section>`;
}
