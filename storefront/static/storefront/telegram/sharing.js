/** Sharing a link that opens a product in the shop. */
import { shareInTelegram } from "./client.js";
import { notify } from "../components/notices.js";
import { t } from "../i18n/language.js";
import { shop } from "../page_data.js";

/** @param {number} id of a product */
const linkTo = (id) => `${shop.bot_url || `${location.origin}${location.pathname}`}?startapp=p_${id}`;

/** @param {number} id of a product @param {string} name */
export async function share(id, name) {
  const url = linkTo(id);
  if (shareInTelegram(url, name)) return;
  try {
    if (navigator.share) await navigator.share({ title: name, url });
    else {
      await navigator.clipboard.writeText(url);
      notify(t("linkCopied"));
    }
  } catch (error) {
    const closed = error instanceof DOMException && error.name === "AbortError"; // the customer closed the sheet
    if (!closed) notify(`${t("copyByHand")}: ${url}`);
  }
}
