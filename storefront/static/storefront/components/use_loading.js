/** One thing that a page needs from the API. */
import { useCallback, useEffect, useState } from "../vendor/hooks.js";

/**
 * @param {(signal: AbortSignal) => Promise<any>} ask
 * @param {any[]} inputs asked again when these change
 * @param {any} [known] shown until the answer comes
 */
export function useLoading(ask, inputs, known = null) {
  const [state, setState] = useState({ value: known, problem: null });
  const [times, setTimes] = useState(0);
  useEffect(() => {
    const asked = new AbortController();
    setState({ value: known, problem: null });
    ask(asked.signal).then(
      (value) => asked.signal.aborted || setState({ value, problem: null }),
      (problem) => asked.signal.aborted || setState({ value: known, problem }),
    );
    return () => asked.abort();
  }, [...inputs, times]);
  const retry = useCallback(() => setTimes((before) => before + 1), []);
  const change = useCallback((value) => setState({ value, problem: null }), []);
  return { ...state, retry, change };
}
