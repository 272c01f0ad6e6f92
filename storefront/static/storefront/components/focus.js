/** Keyboard focus: on the heading after a change of page, and kept in place when the focused button disappears. */
import { shop } from "../page_data.js";
import { arrival, route } from "../router.js";
import { useEffect, useLayoutEffect, useRef } from "../vendor/hooks.js";

let lastProduct = 0;

/** @returns {HTMLElement | null} */
const heading = () => document.querySelector("main h1");

/**
 * Set the title of the window, and move the focus to the heading (or back to the card that was opened), so that a
 * screen reader tells the change of page.
 * @param {string} title of the page
 */
export function usePageFocus(title) {
  useEffect(() => {
    document.title = title || shop.name;
  }, [title]);
  useEffect(() => {
    const shown = route.get();
    const card = shown.page === "catalog" && arrival === "travel" && document.getElementById(`product-${lastProduct}`);
    if (shown.page === "product") lastProduct = shown.id;
    // The first page of a visit begins where all pages begin; an element that has the focus keeps it.
    if (arrival === "start" || document.activeElement !== document.body) return;
    (card || heading())?.focus({ preventScroll: true });
  }, [title]);
}

/** @param {HTMLElement | null} place */
const lastButton = (place) => [...(place?.querySelectorAll("button") ?? [])].at(-1);

/**
 * Keep the focus inside an element: if the focused button was removed, focus the element's last button, or else the
 * heading of the page.
 * @param {(place: HTMLElement | null) => HTMLElement | null | undefined} next the button to focus
 * @returns the ref of the element
 */
export function useKeptFocus(next = lastButton) {
  const place = useRef(/** @type {HTMLElement | null} */ (null));
  const wasInside = useRef(false);
  wasInside.current = Boolean(place.current?.contains(document.activeElement));
  useLayoutEffect(() => {
    if (!wasInside.current || document.activeElement !== document.body) return;
    (next(place.current) ?? heading())?.focus({ preventScroll: true });
  });
  return place;
}
