/** A value that pages look at and are redrawn for. */
import { useLayoutEffect, useReducer } from "../vendor/hooks.js";

/**
 * @template T
 * @param {T} value
 */
export function createStore(value) {
  const listeners = new Set();
  return {
    get: () => value,
    /** @param {T} next */
    set(next) {
      value = next;
      for (const listener of [...listeners]) listener();
    },
    /** @param {() => void} listener */
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

export function useStore(store) {
  const [, redraw] = useReducer((times) => times + 1, 0);
  useLayoutEffect(() => {
    redraw(); // it may have changed between drawing and now
    const unsubscribe = store.subscribe(redraw);
    return () => void unsubscribe();
  }, [store]);
  return store.get();
}
