/** Who does not see the page change is told by the focus: at the heading, or back on the card that was opened. */
import { t } from "./language.js";
import { arrival, route } from "./router.js";
import { useEffect } from "./vendor/hooks.js";

let lastProduct = 0;

/** @param {string} title the page's, for the heading and the window */
export function useArrival(title) {
  useEffect(() => {
    document.title = title || t("shop");
  }, [title]);
  useEffect(() => {
    const { page, id } = route.get();
    const card = page === "catalogue" && arrival === "travel" && document.getElementById(`product-${lastProduct}`);
    if (page === "product") lastProduct = id;
    // A page that was opened just now begins where all pages begin; and what has the focus still keeps it.
    if (arrival === "start" || document.activeElement !== document.body) return;
    (card || document.querySelector("main h1"))?.focus({ preventScroll: true });
  }, [title]);
}
