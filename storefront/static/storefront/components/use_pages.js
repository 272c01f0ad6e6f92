/** A list of the customer, loaded page by page. */
import { asProblem } from "../api.js";
import { useEffect, useState } from "../vendor/hooks.js";

/**
 * @template T
 * @param {(next: string | null) => Promise<API.Page<T>>} ask
 */
export function usePages(ask) {
  /** @type {{items: T[], next: string | null, problem: import("../api.js").Problem | null, loading: boolean}} */
  const start = { items: [], next: null, problem: null, loading: true };
  const [state, setState] = useState(start);
  /** @param {string | null} from */
  const load = async (from) => {
    setState((now) => ({ ...now, loading: true, problem: null }));
    try {
      const page = await ask(from);
      setState((now) => ({ items: [...now.items, ...page.results], next: page.next, problem: null, loading: false }));
    } catch (error) {
      setState((now) => ({ ...now, problem: asProblem(error), loading: false }));
    }
  };
  useEffect(() => void load(null), []);
  return { ...state, more: () => void (state.loading || load(state.next)) };
}
