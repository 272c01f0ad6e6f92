/** Consent to the shop's privacy policy and terms: one sentence with links, given by placing the order. */
import { html } from "../html.js";
import { t } from "../i18n/language.js";
import { Link } from "./link.js";
import { localShop } from "../stores/local_shop.js";
import { useStore } from "../stores/store.js";

/** @param {API.Shop} shop */
const asked = (shop) => shop.pages.filter((page) => page.needs_consent);

/** The versions that the page shows, by slug, as the API takes them. @returns {Record<string, string>} */
export const consentGiven = () => Object.fromEntries(asked(localShop.get()).map(({ slug, version }) => [slug, version]));

export function Consent() {
  const pages = asked(useStore(localShop));
  if (!pages.length) return null;
  return html`<p class="consent">
    ${t("consent")}${" "}
    ${pages.map(({ slug, title }, index) => html`${index > 0 && ", "}<${Link} key=${slug} to=${{ page: "text", slug }}>${title}<//>`)}
  </p>`;
}
