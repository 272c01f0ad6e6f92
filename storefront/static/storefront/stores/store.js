/** Observable values: a component that uses one is drawn again when it changes. */
import { useLayoutEffect, useReducer } from "../vendor/hooks.js";

/**
 * @template T
 * @typedef {{get: () => T, set: (next: T) => void, subscribe: (listener: () => void) => () => void}} Store
 */

/**
 * @template T
 * @param {T} value
 * @returns {Store<T>}
 */
export function createStore(value) {
  /** @type {Set<() => void>} */
  const listeners = new Set();
  return {
    get: () => value,
    set(next) {
      value = next;
      for (const listener of [...listeners]) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

/**
 * @template T
 * @param {Store<T>} store
 * @returns {T}
 */
export function useStore(store) {
  const [, redraw] = useReducer((/** @type {number} */ times) => times + 1, 0);
  useLayoutEffect(() => {
    const update = () => redraw(undefined);
    update(); // it may have changed between drawing and now
    return store.subscribe(update);
  }, [store]);
  return store.get();
}
