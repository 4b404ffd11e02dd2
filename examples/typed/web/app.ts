// The page: what it knows of the service comes from api.ts, and that from the schema of the database.
import { call, CallError, type Cocktail } from "./api.js"

const list = document.querySelector<HTMLUListElement>("#list")!
const notice = document.querySelector<HTMLElement>("#notice")!
const form = document.querySelector<HTMLFormElement>("#draft")!

function item(c: Cocktail): HTMLLIElement {
  const li = document.createElement("li")
  const like = document.createElement("button")
  like.textContent = `♥ ${c.likes}`
  like.onclick = tell(async () => {
    const liked = await call("POST /api/cocktails/:id/like", { id: c.id })
    like.textContent = `♥ ${liked.likes}`
  })
  li.append(`${c.name}, ${c.glass}${c.note === null ? "" : `: ${c.note}`} `, like)
  return li
}

async function show(): Promise<void> {
  const all = await call("GET /api/cocktails")
  list.replaceChildren(...(all ?? []).map(item))
}

// tell shows why something failed, member by member where the service says so.
function tell(action: () => Promise<void>): (event: Event) => Promise<void> {
  return async (event) => {
    event.preventDefault()
    notice.textContent = ""
    try {
      await action()
    } catch (err) {
      const fields = err instanceof CallError ? Object.entries(err.fields) : []
      notice.textContent = fields.length > 0 ? fields.map(([name, why]) => `${name} ${why}`).join("; ") : String(err)
    }
  }
}

form.onsubmit = tell(async () => {
  const draft = new FormData(form)
  await call("POST /api/cocktails", { name: String(draft.get("name")), glass: String(draft.get("glass")) })
  form.reset()
  await show()
})

await show()
