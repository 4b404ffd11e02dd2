// How a page uses the client; and how it cannot, which tsc has to refuse.
import { call, CallError, type Cocktail } from "./api.js"

declare const process: { argv: string[]; exit(code: number): never }
const base = process.argv[2]!

function equal(rule: string, got: unknown, want: unknown): void {
  if (JSON.stringify(got) !== JSON.stringify(want)) {
    console.error(`${rule}: ${JSON.stringify(got)}, want ${JSON.stringify(want)}`)
    process.exit(1)
  }
}

async function thrown(f: () => Promise<unknown>): Promise<unknown> {
  try {
    return { value: await f() }
  } catch (e) {
    return e instanceof CallError ? [e.endpoint, e.status, e.message, e.fields] : String(e)
  }
}

const cocktail: Cocktail = await call("GET /api/cocktails/[id]", { id: "a/b ü?#%2e" }, { base })
equal("a path parameter", [cocktail.id, cocktail.parts?.[0]?.name], ["a/b ü?#%2e", "gin"])
equal("lists in the query", (await call("GET /api/cocktails", { ingredient: ["gin", "l&me"], "X-Tenant": "t", limit: 5, fresh: true }, { base })).items?.[0]?.name, "gin+l&me")
equal("a body", (await call("POST /api/cocktails", { name: "Spritz", parts: [{ name: "soda", amount: 2, unit: "cl" }] }, { base })).parts, [{ name: "soda", amount: 2, unit: "cl" }])
equal("a path, a query and a body", (await call("PUT /api/cocktails/[id]", { id: "7", force: true, name: "n", parts: [] }, { base }))?.id, "7")
equal("nothing", await call("DELETE /api/cocktails/[id]", { id: "7" }, { base }), undefined)
equal("a catch-all", await call("GET /api/stock/*shelf", { shelf: ["a/b", "c"] }, { base }), ["a/b", "c"])
equal("a whole body", await call("PATCH /api/stock", { body: [{ name: "gin", amount: 1.5 }, { name: "gin", amount: 1 }] }, { base }), { gin: 2.5 })
equal("no input", await call("GET /api/menu", {}, { base }), "gin")
equal("a number", (await call("POST /api/orders", { table: 3 }, { base })).number, 3)
equal("bytes", (await (await call("GET /api/cocktails/:cocktail/picture", { cocktail: "1" }, { base })).arrayBuffer()).byteLength, 2)
equal("an endpoint without types", await (await call("GET /old/:what", { what: "x" }, { base })).json(), "x")
equal("an optional catch-all", await (await call("GET /pages/[[...page]]", {}, { base })).text(), "/pages")
equal("with a path and a query", await (await call("GET /pages/[[...page]]", { page: "a/b", query: { q: "1" } }, { base })).text(), "/pages/a/b")
equal("an endpoint of a legacy app", await thrown(() => call("GET /shop/products/:id", { id: "1" }, { base })), ["GET /shop/products/:id", 404, "Not Found", {}])
equal("a 404", await thrown(() => call("GET /api/cocktails/[id]", { id: "none" }, { base })), ["GET /api/cocktails/[id]", 404, "no such cocktail", {}])
equal("fields", await thrown(() => call("POST /api/cocktails", { name: null as never, parts: [] }, { base })),
  ["POST /api/cocktails", 400, "invalid input: name: is missing", { name: "is missing" }])
equal("another endpoint cannot be reached by a value", await thrown(() => call("GET /api/cocktails/[id]", { id: ".." }, { base })), 'TypeError: id: ".." cannot stand in a path')
equal("nor by an empty one", await thrown(() => call("GET /api/stock/*shelf", { shelf: [] }, { base })), 'TypeError: shelf: "" cannot stand in a path')

// Each of these is an error of tsc; where one were none, the comment would be.
export function wrong(): void {
  // @ts-expect-error an id is a string
  void call("GET /api/cocktails/[id]", { id: 7 })
  // @ts-expect-error there is no such endpoint
  void call("GET /api/cocktail/[id]", { id: "7" })
  // @ts-expect-error an input that is required
  void call("GET /api/cocktails/[id]")
  // @ts-expect-error a member that is required
  void call("POST /api/cocktails", { name: "n" })
  // @ts-expect-error a member that there is not
  void call("GET /api/cocktails/[id]", { id: "7", nmae: "x" })
  // @ts-expect-error a value that is not one of the list
  void call("POST /api/cocktails", { name: "n", parts: [{ name: "gin", unit: "pint" }] })
  // @ts-expect-error a number of a list of texts
  void call("POST /api/orders", { table: 1, names: [1] })
  // @ts-expect-error what is not asked for
  void call("GET /api/menu", { name: "x" })
  // @ts-expect-error a cookie is the browser's
  void call("GET /api/cocktails", { "X-Tenant": "t", session: "s" })
  // @ts-expect-error the result has no such member
  void call("GET /api/cocktails/[id]", { id: "7" }).then((c) => c.nmae)
  // @ts-expect-error a list may be null
  void call("GET /api/cocktails/[id]", { id: "7" }).then((c) => c.parts.length)
  // @ts-expect-error an int64 in a string is a string
  void call("GET /api/cocktails/[id]", { id: "7" }).then((c) => c.price + 1 === 2)
}
