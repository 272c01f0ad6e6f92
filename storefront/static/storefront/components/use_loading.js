/** Loading an answer of the API for a page. */
import { asProblem } from "../api.js";
import { useCallback, useEffect, useState } from "../vendor/hooks.js";

/** @typedef {import("../api.js").Problem} Problem */

/**
 * @template T
 * @param {(signal: AbortSignal) => Promise<T>} ask
 * @param {unknown[]} inputs asked again when these change
 * @param {T | null} [known] shown until the answer comes
 */
export function useLoading(ask, inputs, known = null) {
  const [state, setState] = useState(/** @type {{value: T | null, problem: Problem | null}} */ ({ value: known, problem: null }));
  const [times, setTimes] = useState(0);
  useEffect(() => {
    const asked = new AbortController();
    setState({ value: known, problem: null });
    ask(asked.signal).then(
      (value) => asked.signal.aborted || setState({ value, problem: null }),
      (error) => asked.signal.aborted || setState({ value: known, problem: asProblem(error) }),
    );
    return () => asked.abort();
  }, [...inputs, times]);
  const retry = useCallback(() => setTimes((before) => before + 1), []);
  const change = useCallback((/** @type {T} */ value) => setState({ value, problem: null }), []);
  return { ...state, retry, change };
}
