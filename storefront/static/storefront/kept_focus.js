/** Who uses the keyboard stays where he is when the button that he pressed gives way to another. */
import { useLayoutEffect, useRef } from "./vendor/hooks.js";

const lastButton = (place) => [...(place?.querySelectorAll("button") ?? [])].at(-1);

/**
 * Move the focus on if it was inside a place and went with what vanished there: to another button of the place, or
 * else to the heading of the page.
 * @returns {{current: any}} the ref of the place
 */
export function useKeptFocus(next = lastButton) {
  const place = useRef(null);
  const wasInside = useRef(false);
  wasInside.current = Boolean(place.current?.contains(document.activeElement));
  useLayoutEffect(() => {
    if (!wasInside.current || document.activeElement !== document.body) return;
    (next(place.current) ?? document.querySelector("main h1"))?.focus({ preventScroll: true });
  });
  return place;
}
