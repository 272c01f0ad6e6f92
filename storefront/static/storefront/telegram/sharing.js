/** A link that opens a product in the shop. */
import { shareInTelegram } from "./client.js";
import { notify } from "../components/notices.js";
import { t } from "../i18n/language.js";
import { shop } from "../page_data.js";

const linkTo = (id) => `${shop.bot_url || `${location.origin}${location.pathname}`}?startapp=p_${id}`;

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
    if (error.name !== "AbortError") notify(`${t("copyByHand")}: ${url}`); // the customer closing the sheet is no error
  }
}
