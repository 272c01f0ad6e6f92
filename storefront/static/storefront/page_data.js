/** What the server has put into the page. */

function block(id) {
  const element = document.getElementById(id);
  return element ? JSON.parse(element.textContent) : null;
}

/** @type {{currency: string, bot_url: string}} */
export const shop = block("shop-data");
export const categories = block("categories-data");
export const firstPage = block("products-data");
/** Signed init data of the demo customer; there with DEBUG on only. */
export const demoInitData = block("demo-data") ?? "";
