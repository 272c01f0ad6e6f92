/** Data that the server has put into the page as JSON. */

/** @param {string | null} text @returns {any} null if it cannot be parsed */
export function parsed(text) {
  try {
    return JSON.parse(text ?? "null");
  } catch {
    return null;
  }
}

/** @param {string} id @returns {any} null if the block is not in the page */
const block = (id) => parsed(document.getElementById(id)?.textContent ?? null);

/** Facts of the shop; its texts are in the language of the page. @type {API.Shop} */
export const shop = block("shop-data");
/** @type {API.Category[]} */
export const categories = block("categories-data") ?? [];
/** The first page of all products; null if the server could not list them. @type {API.Page<API.Product> | null} */
export const firstPage = block("products-data");
/** Signed init data of the demo customer; in the page with DEBUG on only. @type {string} */
export const demoInitData = block("demo-data") ?? "";
