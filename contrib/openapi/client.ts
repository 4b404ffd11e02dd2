interface Places {
  query?: string[]
  header?: string[]
  body?: "beside" | "apart"
  raw?: boolean
}

/** CallError is an answer that is not one of success. */
export class CallError extends Error {
  constructor(
    /** The method and the pattern that was called. */
    readonly endpoint: string,
    readonly status: number,
    message: string,
    /** What is wrong with single members, by their names. */
    readonly fields: Record<string, string>,
    readonly response: Response,
  ) {
    super(message)
    this.name = "CallError"
  }
}

/** Options are those of fetch, and where the service is. */
export interface Options extends Omit<RequestInit, "method" | "body" | "headers"> {
  /** What stands before the path: "https://api.example.com". Default: where the page is. */
  base?: string
  headers?: Record<string, string>
  /** In place of the global fetch. */
  fetch?: typeof fetch
}

// What a request says may be left out where it need not say anything.
type Args<K extends keyof Endpoints> = {} extends Endpoints[K]["in"]
  ? [input?: Endpoints[K]["in"], options?: Options]
  : [input: Endpoints[K]["in"], options?: Options]

/** call asks an endpoint, and returns its answer. It throws a CallError for an answer that is not one of success. */
export async function call<K extends keyof Endpoints>(endpoint: K, ...args: Args<K>): Promise<Endpoints[K]["out"]> {
  const { base = "", fetch: ask = fetch, headers, ...init } = args[1] ?? {}
  const place: Places = places[endpoint]
  const rest: Record<string, unknown> = { ...(args[0] as object | undefined) }
  const take = (name: string): unknown => {
    const value = rest[name]
    delete rest[name]
    return value
  }
  const [method, pattern] = endpoint.split(" ", 2) as [string, string]
  let url = base + fill(pattern, take)
  const query = new URLSearchParams()
  for (const name of place.query ?? []) append(query, name, take(name))
  if (place.body === "apart" && place.raw) for (const [name, value] of Object.entries(take("query") ?? {})) append(query, name, value)
  if (query.toString() !== "") url += "?" + query
  const sent = new Headers(headers)
  if (!place.raw) sent.set("Accept", "application/json")
  for (const name of place.header ?? []) {
    const value = take(name)
    if (value !== undefined && value !== null) sent.set(name, Array.isArray(value) ? value.join(", ") : String(value))
  }
  const body = place.body === "apart" ? rest["body"] : place.body === "beside" ? rest : undefined
  if (body !== undefined) sent.set("Content-Type", "application/json")
  const response = await ask(url, { ...init, method, headers: sent, ...(body === undefined ? {} : { body: JSON.stringify(body) }) })
  if (!response.ok) throw await failure(endpoint, response)
  if (place.raw) return response as unknown as Endpoints[K]["out"]
  return (isJSON(response) ? await response.json() : undefined) as Endpoints[K]["out"]
}

// A value that a URL would resolve away asks for another endpoint, so it is refused.
function segment(name: string, value: unknown): string {
  const text = String(value ?? "")
  if (text === "" || text === "." || text === "..") throw new TypeError(`${name}: ${JSON.stringify(text)} cannot stand in a path`)
  return encodeURIComponent(text)
}

function fill(pattern: string, take: (name: string) => unknown): string {
  return pattern
    .split("/")
    .flatMap((part) => {
      const name = /^(?::|\*|\[\[?(?:\.\.\.)?)(\w[^\]]*)/.exec(part)?.[1]
      if (name === undefined) return [part.replaceAll("\\", "")]
      const value = take(name)
      if (!/^(\*|\[\[?\.\.\.)/.test(part)) return [segment(name, value)]
      const segments = Array.isArray(value) ? value : value === undefined ? [] : String(value).split("/")
      if (segments.length === 0 && !part.startsWith("[[")) segments.push("") // refused
      return segments.map((s) => segment(name, s))
    })
    .join("/") || "/"
}

function append(query: URLSearchParams, name: string, value: unknown): void {
  for (const v of Array.isArray(value) ? value : [value]) if (v !== undefined && v !== null) query.append(name, String(v))
}

function isJSON(response: Response): boolean {
  return /^application\/([^;]*\+)?json\b/i.test(response.headers.get("Content-Type") ?? "")
}

async function failure(endpoint: string, response: Response): Promise<CallError> {
  const said = isJSON(response.clone()) ? await response.clone().json().catch(() => null) : null
  const message = typeof said?.error === "string" ? said.error : response.statusText
  return new CallError(endpoint, response.status, message, said?.fields ?? {}, response)
}
