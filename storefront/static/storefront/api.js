/** The shop's API, and what can go wrong on the way to it. */
import { language } from "./i18n/language.js";
import { parsed } from "./json.js";
import { initData } from "./telegram/launch.js";

const ROOT = "/api/v1";
const PATIENCE = 12_000; // milliseconds

/** A request that did not go well: `code` is the API's, or `network`, `timeout`, `server_error`. */
export class Problem extends Error {
  constructor(code, { status = 0, body = {}, retryAfter = 0 } = {}) {
    super(code);
    Object.assign(this, { code, status, body, retryAfter });
  }
}

/** Ask the shop. @throws {Problem} also for an answer that cannot be read */
async function ask(path, { method = "GET", body, headers = {}, signedIn = false, signal } = {}) {
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), PATIENCE);
  const giveUp = () => patience.abort();
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
      signal: patience.signal,
    });
    text = await answer.text();
  } catch {
    if (signal?.aborted) throw new Problem("aborted");
    throw new Problem(patience.signal.aborted ? "timeout" : "network");
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", giveUp);
  }
  const read = parsed(text);
  if (answer.ok && read !== null) return read;
  throw new Problem(read?.code ?? "server_error", {
    status: answer.status,
    body: read ?? {},
    retryAfter: Number(answer.headers.get("Retry-After")) || 0,
  });
}

/** The API's links name its host; a proxy may have another name for it. */
const pathOf = (link) => {
  const { pathname, search } = new URL(link, location.origin);
  return pathname + search;
};

export const followPage = (link, signal) => ask(pathOf(link), { signal });

/** @param {Record<string, string | number>} filter as GET /products takes them; empty ones are left out */
export function products(filter, signal) {
  const given = Object.entries(filter).filter(([, value]) => value !== "" && value !== null);
  return ask(`${ROOT}/products?${new URLSearchParams(given)}`, { signal });
}

export const product = (id, signal) => ask(`${ROOT}/products/${id}`, { signal });

/** @returns {Promise<Map<number, object>>} those of the products that are on sale */
export async function productsById(ids) {
  const page = await products({ ids: ids.join(","), page_size: 100 });
  return new Map(page.results.map((each) => [each.id, each]));
}

export const profile = () => ask(`${ROOT}/users/me`, { signedIn: true });
export const savePhone = (phone) => ask(`${ROOT}/users/me`, { method: "PATCH", body: { phone }, signedIn: true });
export const myOrders = (next) => ask(next ? pathOf(next) : `${ROOT}/orders/my`, { signedIn: true });
export const order = (id) => ask(`${ROOT}/orders/${id}`, { signedIn: true });
export const cancelOrder = (id) => ask(`${ROOT}/orders/${id}/cancel`, { method: "POST", signedIn: true });
export const placeOrder = (body, key) =>
  ask(`${ROOT}/orders`, { method: "POST", body, headers: { "Idempotency-Key": key }, signedIn: true });
