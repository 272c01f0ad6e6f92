/** The shop's API over HTTP, with one error class for all failures. */
import { language } from "./i18n/language.js";
import { parsed, shop as facts } from "./page_data.js";
import { initData } from "./telegram/launch.js";

const ROOT = "/api/v1";
const TIMEOUT = 12_000; // milliseconds

/** A failed request: `code` is the API's, or `network`, `timeout`, `aborted`, `server_error`. */
export class Problem extends Error {
  /**
   * @param {string} code
   * @param {{status?: number, body?: API.Problem, retryAfter?: number}} [answer]
   */
  constructor(code, { status = 0, body = {}, retryAfter = 0 } = {}) {
    super(code);
    this.code = code;
    this.status = status;
    this.body = body;
    this.retryAfter = retryAfter; // seconds
  }
}

/** @param {unknown} error @returns {Problem} the error itself, or a failure of the page's own */
export const asProblem = (error) => (error instanceof Problem ? error : new Problem("server_error"));

/**
 * Send a request and parse the answer.
 * @param {string} path
 * @param {{method?: string, body?: object, headers?: Record<string, string>, signedIn?: boolean, signal?: AbortSignal}} [options]
 * @returns {Promise<any>}
 * @throws {Problem} also for an answer that is not JSON; one without content (204) is null
 */
async function request(path, { method = "GET", body, headers = {}, signedIn = false, signal } = {}) {
  const timeout = new AbortController();
  const timer = setTimeout(() => timeout.abort(), TIMEOUT);
  const giveUp = () => timeout.abort();
  signal?.addEventListener("abort", giveUp);
  let answer;
  let text;
  try {
    answer = await fetch(path, {
      method,
      headers: {
        "Accept-Language": language,
        ...(signedIn && initData && { Authorization: `tma ${initData}` }),
        ...(body && { "Content-Type": "application/json" }),
        ...headers,
      },
      body: body && JSON.stringify(body),
      signal: timeout.signal,
    });
    text = await answer.text();
  } catch {
    if (signal?.aborted) throw new Problem("aborted");
    throw new Problem(timeout.signal.aborted ? "timeout" : "network");
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", giveUp);
  }
  const json = parsed(text);
  if (answer.ok && (json !== null || answer.status === 204)) return json;
  throw new Problem(json?.code ?? "server_error", {
    status: answer.status,
    body: json ?? {},
    retryAfter: Number(answer.headers.get("Retry-After")) || 0,
  });
}

/** The API's links name its host; a proxy may have another name for it. @param {string} link */
const pathOf = (link) => {
  const { pathname, search } = new URL(link, location.origin);
  return pathname + search;
};

/** @param {string} link @param {AbortSignal} [signal] @returns {Promise<API.Page<API.Product>>} */
export const followPage = (link, signal) => request(pathOf(link), { signal });

/**
 * @param {Record<string, string | number | null>} filter as GET /products takes it; empty values are left out
 * @param {AbortSignal} [signal]
 * @returns {Promise<API.Page<API.Product>>}
 */
export function products(filter, signal) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(filter)) if (value !== "" && value !== null) query.set(name, String(value));
  return request(`${ROOT}/products?${query}`, { signal });
}

/**
 * @param {{category_id: number | null, search: string}} filter
 * @param {AbortSignal} [signal]
 * @returns {Promise<API.Facets>}
 */
export function facets({ category_id, search }, signal) {
  const query = new URLSearchParams({ search, ...(category_id && { category_id: String(category_id) }) });
  return request(`${ROOT}/products/facets?${query}`, { signal });
}

/** @param {string} text @param {AbortSignal} [signal] @returns {Promise<API.Suggestions>} */
export const suggestions = (text, signal) => request(`${ROOT}/products/suggest?${new URLSearchParams({ q: text })}`, { signal });

/** @param {number} id @param {AbortSignal} [signal] @returns {Promise<API.ProductDetail>} */
export const product = (id, signal) => request(`${ROOT}/products/${id}`, { signal });

/** @param {number} id @param {AbortSignal} [signal] @returns {Promise<{results: API.Product[]}>} what else a customer may like */
export const related = (id, signal) => request(`${ROOT}/products/${id}/related`, { signal });

/** @param {number[]} ids @returns {Promise<Map<number, API.Product>>} those of the products that are on sale */
export async function productsById(ids) {
  const page = await products({ ids: ids.join(","), page_size: facts.page_size.max });
  return new Map(page.results.map((each) => [each.id, each]));
}

/**
 * @param {API.NewOrder["items"]} items
 * @param {{promo_code?: string, delivery?: API.DeliveryChoice}} [choice]
 * @returns {Promise<API.Quote>}
 */
export const quote = (items, choice = {}) =>
  request(`${ROOT}/cart/quote`, { method: "POST", body: { items, ...choice }, signedIn: Boolean(choice.promo_code) });
/** @returns {Promise<API.DeliveryMethod[]>} */
export const deliveryMethods = () => request(`${ROOT}/delivery-methods`);
/** @returns {Promise<API.PaymentMethod[]>} */
export const paymentMethods = () => request(`${ROOT}/payment-methods`);

/** @param {string} slug @param {AbortSignal} [signal] @returns {Promise<API.TextPage>} */
export const textPage = (slug, signal) => request(`${ROOT}/pages/${encodeURIComponent(slug)}`, { signal });
/** @returns {Promise<API.Shop>} */
export const shop = () => request(`${ROOT}/shop`);
/** @returns {Promise<API.Profile>} */
export const profile = () => request(`${ROOT}/users/me`, { signedIn: true });
/** @param {string} phone @returns {Promise<API.Profile>} */
export const savePhone = (phone) => request(`${ROOT}/users/me`, { method: "PATCH", body: { phone }, signedIn: true });
/** @param {string | null} next @returns {Promise<API.Page<API.OrderSummary>>} */
export const myOrders = (next) => request(next ? pathOf(next) : `${ROOT}/orders/my`, { signedIn: true });
/** @returns {Promise<API.SavedAddress[]>} last used first */
export const savedAddresses = () => request(`${ROOT}/users/me/addresses`, { signedIn: true });
/** @param {number} id @returns {Promise<null>} */
export const forgetAddress = (id) => request(`${ROOT}/users/me/addresses/${id}`, { method: "DELETE", signedIn: true });
/** @returns {Promise<{variant_id: number}[]>} sold-out variants for which the customer waits */
export const subscriptions = () => request(`${ROOT}/users/me/subscriptions`, { signedIn: true });
/** @param {number} id of a variant @param {boolean} wanted @returns {Promise<null>} */
export const setSubscription = (id, wanted) =>
  request(`${ROOT}/users/me/subscriptions/${id}`, { method: wanted ? "PUT" : "DELETE", signedIn: true });
/** @returns {Promise<{ids: number[]}>} ids of products */
export const favouriteIds = () => request(`${ROOT}/users/me/favourites/ids`, { signedIn: true });
/** @param {string | null} next @returns {Promise<API.Page<API.Product>>} */
export const favourites = (next) => request(next ? pathOf(next) : `${ROOT}/users/me/favourites`, { signedIn: true });
/** @param {number} id of a product @param {boolean} wanted @returns {Promise<null>} */
export const setFavourite = (id, wanted) =>
  request(`${ROOT}/users/me/favourites/${id}`, { method: wanted ? "PUT" : "DELETE", signedIn: true });
/** @param {number} id @returns {Promise<API.Order>} */
export const order = (id) => request(`${ROOT}/orders/${id}`, { signedIn: true });
/** @param {number} id @returns {Promise<API.Repeated>} */
export const repeatOrder = (id) => request(`${ROOT}/orders/${id}/repeat`, { method: "POST", signedIn: true });
/** @param {number} id @returns {Promise<API.Order>} */
export const cancelOrder = (id) => request(`${ROOT}/orders/${id}/cancel`, { method: "POST", signedIn: true });
/** @param {number} id @param {string} price @returns {Promise<API.Order>} */
export const agreeToDeliveryPrice = (id, price) =>
  request(`${ROOT}/orders/${id}/agree-to-delivery-price`, { method: "POST", body: { delivery_price: price }, signedIn: true });
/** @param {API.NewOrder} body @param {string} key @returns {Promise<API.Order>} */
export const placeOrder = (body, key) =>
  request(`${ROOT}/orders`, { method: "POST", body, headers: { "Idempotency-Key": key }, signedIn: true });
