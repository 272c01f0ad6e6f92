/**
 * The first page of a front end: lists and finds products, prices a cart, and orders it. `make contract` makes
 * `build/schema.d.ts` from the OpenAPI file and compiles this page with it; docs/api.md describes the API.
 */
import createClient from "openapi-fetch";
import type { components, paths } from "./build/schema.js";

type Schemas = components["schemas"];
export type Cart = Schemas["CartRequest"]["items"];

/** @param initData `Telegram.WebApp.initData`, unchanged */
export function connect(initData: string, language: "ru" | "en") {
  return createClient<paths>({
    baseUrl: "/",
    headers: { Authorization: `tma ${initData}`, "Accept-Language": language },
  });
}

type Api = ReturnType<typeof connect>;

/** The first page of a category, cheapest first, with the address of the next page. */
export async function list(api: Api, categoryId: number): Promise<Schemas["PaginatedProductList"]> {
  const { data, error, response } = await api.GET("/api/v1/products", {
    params: { query: { category_id: categoryId, in_stock: true, ordering: "price", page_size: 20 } },
  });
  if (data) return data;
  if (error?.code === "throttled") throw new Later(Number(response.headers.get("Retry-After")));
  throw new Error(error?.detail ?? "304 only with If-None-Match");
}

/** All pages of a search: `next` has the parameters of the first request, and a cursor. */
export async function* search(api: Api, text: string): AsyncGenerator<Schemas["Product"]> {
  let cursor: string | null = null;
  do {
    const query: { search: string; cursor?: string } = cursor === null ? { search: text } : { search: text, cursor };
    const { data, error } = await api.GET("/api/v1/products", { params: { query } });
    if (!data) throw new Error(error?.detail);
    yield* data.results;
    const next = data.next === null ? null : new URL(data.next).searchParams;
    cursor = next?.get("cursor") ?? null;
    text = next?.get("search") ?? text; // a typo may have been corrected
  } while (cursor !== null);
}

/** A product by its id or slug, null if it is not on sale any more. */
export async function product(api: Api, id: number | string): Promise<Schemas["Product"] | null> {
  const { data, error } = await api.GET("/api/v1/products/{id}", { params: { path: { id } } });
  if (data) return data;
  if (error?.code === "not_found") return null;
  throw new Error(error?.detail);
}

/** The total of a cart, and a sentence for each reason why it cannot be ordered. */
export async function quote(api: Api, items: Cart): Promise<{ total: string; warnings: string[] }> {
  const { data, error } = await api.POST("/api/v1/cart/quote", { body: { items } });
  if (error) throw new Error(error.detail);
  const warnings = data.problems.map((problem) => {
    switch (problem.code) {
      case "out_of_stock":
        return problem.items.map((item) => `${item.variant_id}: ${item.available} left`).join(", ");
      case "product_unavailable":
        return `not sold: ${problem.items.map((item) => item.variant_id ?? item.product_id).join(", ")}`;
      case "price_changed":
        return `the total is ${problem.total} now`;
      case "variant_required":
        return `choose the options of: ${problem.items.map((item) => item.product_id).join(", ")}`;
      case "min_total":
      case "promo_min_total":
      case "delivery_min_total":
        return `${problem.missing} is missing`;
      default:
        return problem.detail;
    }
  });
  return { total: data.total, warnings };
}

/** A request that may be sent again after a number of seconds. */
export class Later extends Error {
  constructor(readonly seconds: number) {
    super(`try again in ${seconds} s`);
  }
}

/** What the customer is told about an order. */
export type Placed =
  | { order: Schemas["Order"]; isNew: boolean }
  | { soldOut: Map<number, number> }
  | { newTotal: string }
  | { wrong: Schemas["Errors"] }
  | { sentence: string };

/**
 * @param key one for each checkout, such as `crypto.randomUUID()`; the same when the order is sent again
 * @param total what the customer was shown
 */
export async function order(api: Api, items: Cart, phone: string, key: string, total: string): Promise<Placed> {
  const { data, error, response } = await api.POST("/api/v1/orders", {
    params: { header: { "Idempotency-Key": key } },
    body: { items, phone, expected_total: total },
  });
  if (data) return { order: data, isNew: response.status === 201 };
  switch (error.code) {
    case "out_of_stock":
      return { soldOut: new Map(error.items.map((item) => [item.variant_id, item.available])) };
    case "price_changed":
      return { newTotal: error.total };
    case "invalid":
      return { wrong: error.errors };
    case "throttled":
    case "busy":
      throw new Later(Number(response.headers.get("Retry-After")));
    case "idempotency_key_in_use":
      throw new Later(1);
    case "init_data_expired":
      return { sentence: "Please open the shop again." };
    default:
      return { sentence: error.detail };
  }
}

/** The newest orders; the last one is cancelled if the shop has not confirmed it yet. */
export async function cancelLast(api: Api): Promise<Schemas["OrderStatusEnum"] | null> {
  const { data: page, error: refused } = await api.GET("/api/v1/orders/my");
  if (refused) throw new Error(refused.detail);
  const last = page.results[0];
  if (!last) return null;
  const { data, error } = await api.POST("/api/v1/orders/{id}/cancel", { params: { path: { id: last.id } } });
  if (data) return data.status;
  if (error.code === "invalid_transition") return error.status_now;
  throw new Error(error.detail);
}
