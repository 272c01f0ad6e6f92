/** JSON that comes from outside, and may be none. */

/** @param {string | null} text @returns {any} null if it cannot be read */
export function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
