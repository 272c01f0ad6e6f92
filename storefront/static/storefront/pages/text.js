/** A page of the shop, such as its privacy policy. */
import * as api from "../api.js";
import { Link } from "../components/link.js";
import { Empty, Failure } from "../components/messages.js";
import { PageTop } from "../components/page_top.js";
import { useLoading } from "../components/use_loading.js";
import { html } from "../html.js";
import { t } from "../i18n/language.js";
import { shop } from "../page_data.js";

/** @param {{route: import("../router.js").TextRoute}} props */
export default function TextPage({ route: { slug } }) {
  const { value: page, problem, retry } = useLoading((signal) => api.textPage(slug, signal), [slug]);
  const title = page?.title ?? shop.pages.find((each) => each.slug === slug)?.title ?? t("about");
  if (problem?.status === 404) {
    return html`<${PageTop} title=${t("about")} />
      <${Empty} icon="info" title=${t("pageGone")} hint=${t("pageGoneHint")}>
        <${Link} class="button" to=${{ page: "catalog" }} replace>${t("toCatalog")}<//>
      <//>`;
  }
  return html`<${PageTop} title=${title} />
    <div class="narrow" aria-busy=${!page && !problem}>
      ${problem && html`<${Failure} problem=${problem} retry=${retry} />`}
      ${!page && !problem && html`<div class="skeleton order-row"></div>`}
      ${page && html`<article class="page-text">${page.text}</article>`}
    </div>`;
}
