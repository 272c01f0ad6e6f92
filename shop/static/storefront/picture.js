/** A picture in a place that is there before it comes; one that cannot be loaded leaves a drawing. */
import { html } from "./html.js";
import { Icon } from "./icons.js";
import { useState } from "./vendor/hooks.js";

/** @param {{src?: string | null, alt: string, soon?: boolean}} props `soon`: it is seen at once */
export function Picture({ src, alt, soon = false }) {
  const [failed, setFailed] = useState("");
  if (!src || failed === src) {
    return html`<span class="picture none" role=${alt && "img"} aria-label=${alt || undefined}><${Icon} name="picture" /></span>`;
  }
  return html`<span class="picture">
    <img
      src=${src} alt=${alt} width="600" height="600" decoding="async"
      loading=${soon ? "eager" : "lazy"} fetchpriority=${soon ? "high" : "auto"}
      onError=${() => setFailed(src)} />
  </span>`;
}
