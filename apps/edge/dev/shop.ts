import type { Reply } from "./upstream.ts";

/** The shop that the local upstreams play. Each product shows one thing that upstreams do. */
interface Item {
  readonly title: string;
  readonly description: string;
  readonly price: number;
  readonly stock: number;
  readonly stars: number;
  readonly alsoBought: readonly string[];
  readonly sameShelf: readonly string[];
  /** What an upstream does with this product, where it isn't to answer as it should. */
  readonly trouble?: Readonly<Partial<Record<UpstreamRole, Reply>>>;
}

export type UpstreamRole = "catalog" | "prices-eu" | "prices-us" | "stock" | "reviews" | "audit";

const UNAVAILABLE: Reply = { status: 503, body: { error: "down for maintenance" } };

const items: Readonly<Record<string, Item>> = {
  lamp: {
    title: "Desk lamp",
    description: "Brass, with a green shade.",
    price: 49,
    stock: 12,
    stars: 4.6,
    alsoBought: ["bulb", "desk", "chair"],
    sameShelf: ["bulb", "kettle", "lamp"],
  },
  kettle: {
    title: "Kettle",
    description: "It whistles. Its reviews hang: they are left out.",
    price: 35,
    stock: 3,
    stars: 4.9,
    alsoBought: ["lamp"],
    sameShelf: ["lamp", "chair"],
    trouble: { reviews: "hang" },
  },
  chair: {
    title: "Chair",
    description: "Four legs. Its stock can't be had: that part fails and is named.",
    price: 120,
    stock: 0,
    stars: 4.1,
    alsoBought: ["desk"],
    sameShelf: ["desk"],
    trouble: { stock: UNAVAILABLE },
  },
  desk: {
    title: "Desk",
    description: "Oak. One mirror of its prices fails, the other one answers.",
    price: 410,
    stock: 1,
    stars: 4.7,
    alsoBought: ["chair", "lamp"],
    sameShelf: ["chair"],
    trouble: { "prices-eu": "cut" },
  },
  bulb: {
    title: "Light bulb",
    description: "Both mirrors of its prices fail: no page without a price.",
    price: 4,
    stock: 900,
    stars: 3.9,
    alsoBought: ["lamp"],
    sameShelf: [],
    trouble: { "prices-eu": UNAVAILABLE, "prices-us": UNAVAILABLE },
  },
  clock: {
    title: "Wall clock",
    description: "Both mirrors of its prices hang: no page in time.",
    price: 60,
    stock: 8,
    stars: 4.3,
    alsoBought: ["lamp"],
    sameShelf: [],
    trouble: { "prices-eu": "hang", "prices-us": "hang" },
  },
};

/** Ms that each upstream takes for an answer. */
const PACE: Readonly<Record<UpstreamRole, number>> = {
  catalog: 40,
  "prices-eu": 60,
  "prices-us": 220,
  stock: 90,
  reviews: 150,
  audit: 100,
};

/** What the upstream answers to a path such as `/prices/lamp?currency=EUR`. */
export function shopReply(role: UpstreamRole, path: string): Reply {
  const { pathname, searchParams } = new URL(path, "http://shop.invalid");
  if (role === "audit") return { after: PACE.audit, status: 201, body: { written: true } };
  const sku = pathname.split("/").at(-1) ?? "";
  const item = Object.hasOwn(items, sku) ? items[sku] : undefined;
  if (item === undefined) return { after: PACE[role], status: 404, body: { error: `no product ${sku}` } };
  return item.trouble?.[role] ?? { after: PACE[role], body: bodyOf(role, sku, item, searchParams.get("currency")) };
}

function bodyOf(role: Exclude<UpstreamRole, "audit">, sku: string, item: Item, currency: string | null): unknown {
  const { title, description, alsoBought, sameShelf, price, stock, stars } = item;
  switch (role) {
    case "catalog":
      return { sku, title, description, alsoBought, sameShelf };
    case "prices-eu":
    case "prices-us":
      return { amount: price, currency, mirror: role };
    case "stock":
      return { inStock: stock };
    case "reviews":
      return { stars };
  }
}
