/** Answers of the API, as the scripts read them; docs/api.md and the OpenAPI file describe them in full. */
declare namespace API {
  interface Page<T> {
    next: string | null;
    previous: string | null;
    results: T[];
    /** Of products: how a search was understood that finds nothing as it is. */
    corrected?: Corrected | null;
  }

  interface Corrected {
    text: string;
    kind: string;
  }

  interface Facets {
    total: number;
    is_exact: boolean;
  }

  interface Suggestions {
    products: (Pick<Product, "id" | "name" | "price" | "price_max" | "old_price" | "in_stock"> & { image: string | null })[];
    categories: { id: number; name: string }[];
    corrected: Corrected | null;
  }

  interface Category {
    id: number;
    name: string;
    slug: string;
    parent_id: number | null;
    position: number;
    description: string;
    product_count: number;
    image: Picture | null;
  }

  interface Picture {
    url: string;
    thumbnail: string | null;
    width: number | null;
    height: number | null;
    alt: string;
  }

  interface Product {
    id: number;
    category_id: number;
    name: string;
    slug: string;
    sku: string;
    description: string;
    price: string;
    price_max: string;
    old_price: string | null;
    images: string[];
    pictures: Picture[];
    in_stock: boolean;
    variant_id: number | null;
  }

  interface Variant {
    id: number;
    sku: string;
    options: string[];
    price: string;
    old_price: string | null;
    in_stock: boolean;
    max_quantity: number | null;
    images: string[];
    pictures: Picture[];
  }

  interface ProductDetail extends Product {
    category_path: { id: number; name: string; slug: string }[];
    properties: { name: string; value: string }[];
    options: { name: string; values: string[] }[];
    variants: Variant[];
  }

  interface Contact {
    contact_name: string;
    phone: string;
    address: string;
    comment: string;
  }

  interface OrderItem {
    variant_id: number;
    product_id: number;
    name: string;
    options: string[];
    sku: string;
    price: string;
    quantity: number;
    discount: string;
    total: string;
  }

  type QuotedItem = OrderItem;

  /** An item that is refused: `available` is what is left of it, undefined if it is not on sale. */
  interface Refused {
    product_id?: number;
    variant_id?: number;
    requested?: number;
    available?: number;
  }

  interface Quote {
    items: QuotedItem[];
    subtotal: string;
    discount: string;
    delivery_price: string | null;
    promo: Promo | null;
    total: string;
    problems: { code: string; detail: string; items?: Refused[] }[];
  }

  interface Promo {
    code: string;
    name: string;
    is_used: boolean;
  }

  interface PickupPoint {
    id: number;
    name: string;
    town: string;
    address: string;
    hours: string;
    phone: string;
  }

  interface DeliveryMethod {
    id: number;
    kind: string;
    name: string;
    description: string;
    price: string | null;
    free_from: string | null;
    per_kg: string | null;
    fields: ("pickup_point_id" | "postcode" | "town" | "address" | "deliver_on" | "slot")[];
    first_day: number | null;
    last_day: number;
    slots: string[];
    pickup_points: PickupPoint[];
  }

  interface DeliveryChoice {
    method_id: number;
    pickup_point_id?: number;
    postcode?: string;
    town?: string;
    address?: string;
    deliver_on?: string;
    slot?: string;
  }

  interface PaymentMethod {
    id: number;
    kind: string;
    name: string;
    text: string;
  }

  /** What of an order can be ordered again, and what is missing. */
  interface Repeated {
    items: QuotedItem[];
    missing: { name: string; options: string[]; quantity: number; reason: string }[];
  }

  interface OrderEvent {
    kind: string;
    from_status: string;
    to_status: string;
    created_at: string;
  }

  interface OrderSummary extends Contact {
    id: number;
    number: number;
    status: string;
    subtotal: string;
    discount: string;
    delivery_price: string | null;
    total: string;
    currency: string;
    promo_code: string;
    delivery_kind: string;
    delivery_name: string;
    pickup_point: string;
    postcode: string;
    town: string;
    deliver_on: string | null;
    slot: string;
    delivery_agreed: boolean;
    payment_name: string;
    payment_text: string;
    created_at: string;
    updated_at: string;
    items: OrderItem[];
  }

  interface Order extends OrderSummary {
    history: OrderEvent[];
  }

  interface NewOrder extends Contact {
    items: { variant_id: number; quantity: number }[];
    promo_code?: string;
    delivery?: DeliveryChoice;
    payment_method_id?: number;
    expected_total: string;
    consent: Record<string, string>;
  }

  interface Profile {
    id: number;
    phone: string;
  }

  interface SavedAddress {
    id: number;
    address: string;
  }

  interface OrderStatus {
    value: string;
    label: string;
    in_timeline: boolean;
    is_final: boolean;
    can_be_cancelled: boolean;
  }

  interface DayHours {
    day: string;
    opens: string | null;
    closes: string | null;
  }

  interface PageLink {
    slug: string;
    title: string;
    version: string;
    needs_consent: boolean;
  }

  interface TextPage {
    slug: string;
    title: string;
    text: string;
    version: string;
    updated_at: string;
  }

  interface Shop {
    name: string;
    logo: string | null;
    accent: string | null;
    banner: { image: string | null; text: string; link: string } | null;
    contacts: { phone: string; telegram_username: string; email: string; address: string };
    time_zone: string;
    hours: DayHours[];
    min_total: string | null;
    accepts_orders: boolean;
    has_promo_codes: boolean;
    notice: string;
    pages: PageLink[];
    bot_url: string;
    currency: string;
    language: string;
    limits: Record<keyof Contact | "items" | "pieces" | "search" | "ids", number>;
    phone: { pattern: string; message: string };
    order_statuses: OrderStatus[];
    orderings: string[];
    page_size: { default: number; max: number };
    thumbnails: { width: number; pattern: string; suffix: string };
  }

  /** The body of an error (RFC 9457) with the data of the codes that the scripts know. */
  interface Problem {
    code?: string;
    detail?: string;
    total?: string;
    items?: Refused[];
    errors?: Record<string, { code: string; message: string }[]>;
  }
}
