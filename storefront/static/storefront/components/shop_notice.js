/** What the merchant tells above the products: the shop is closed, and the banner. */
import { html } from "../html.js";
import { t } from "../i18n/language.js";
import { Link } from "./link.js";
import { parse } from "../router.js";
import { localShop } from "../stores/local_shop.js";
import { useStore } from "../stores/store.js";

/** While the shop accepts no orders. */
export function ClosedNotice() {
  const { accepts_orders: accepts, notice } = useStore(localShop);
  if (accepts) return null;
  return html`<div class="closed warning" role="status"><p><strong>${t("closed")}</strong>${notice && html`<br />${notice}`}</p></div>`;
}

export function Banner() {
  const { banner } = useStore(localShop);
  if (!banner) return null;
  const { image, text, link } = banner;
  const name = image ? "banner" : "banner plain";
  const content = html`${image && html`<img src=${image} alt="" width="1200" height="600" />`}${text && html`<strong>${text}</strong>`}`;
  // A page load would lose the hash of Telegram, and the sign-in with it.
  if (link.startsWith("/")) return html`<${Link} class=${name} to=${parse(link.slice(1))}>${content}<//>`;
  if (link) return html`<a class=${name} href=${link} target="_blank" rel="noopener">${content}</a>`;
  return html`<div class=${name}>${content}</div>`;
}
