/** The top of all pages but the catalog: the way back and the heading. */
import { usePageFocus } from "./focus.js";
import { html } from "../html.js";
import { t } from "../i18n/language.js";
import { Icon } from "./icons.js";
import { goBack } from "../router.js";
import { useStore } from "../stores/store.js";
import { client } from "../telegram/client.js";
import { useLayoutEffect } from "../vendor/hooks.js";

/** @param {{title: string, hideTitle?: boolean, children?: import("../html.js").Children}} props `hideTitle`: the page has its own heading */
export function PageTop({ title, hideTitle = false, children }) {
  const app = useStore(client);
  usePageFocus(title);
  useLayoutEffect(() => scrollTo(0, 0), []);
  const hasBackButton = app?.isVersionAtLeast("6.1");
  return html`<div class="page-top">
    ${!hasBackButton && html`<button type="button" class="round" aria-label=${t("back")} onClick=${goBack}><${Icon} name="back" /></button>`}
    ${hideTitle ? html`<span></span>` : html`<h1 tabindex="-1">${title}</h1>`}
    ${children}
  </div>`;
}
