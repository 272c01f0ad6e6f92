/** Mistakes that the compiler finds: each would be a 400 or a bug. Without one of them, this page does not compile. */
import { connect, type Cart } from "./first_page.js";

const api = connect("query_id=…", "en");

// @ts-expect-error a misspelled filter
void api.GET("/api/v1/products", { params: { query: { catgory_id: 3 } } });
// @ts-expect-error an ordering that does not exist
void api.GET("/api/v1/products", { params: { query: { ordering: "best" } } });
// @ts-expect-error an id that is a text
void api.GET("/api/v1/orders/{id}", { params: { path: { id: "7" } } });
// @ts-expect-error a price from the client
const items: Cart = [{ product_id: 1, quantity: 1, price: "0.01" }];
void api.POST("/api/v1/cart/quote", { body: { items } });
// @ts-expect-error a method that the address does not have
void api.DELETE("/api/v1/orders/my");

const { error } = await api.POST("/api/v1/orders/{id}/cancel", { params: { path: { id: 1 } } });
// @ts-expect-error a code that this operation does not have
if (error?.code === "out_of_stock") void error;
// @ts-expect-error data of another code
if (error?.code === "not_found") void error.status_now;
