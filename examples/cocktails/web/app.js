// The page: it calls each endpoint of the service, and cannot tell which shape
// answers. Text from the service goes into the page as text, never as HTML.

const $ = selector => document.querySelector(selector)

async function api(path, options) {
  const res = await fetch(path, options)
  const body = res.status === 204 ? null : await res.json()
  if (!res.ok) throw new Error(body.error)
  return body
}

// tell runs what a click asks for and shows why it failed.
const tell = action => async event => {
  event.preventDefault()
  $('#notice').textContent = ''
  try {
    await action(event)
  } catch (err) {
    $('#notice').textContent = err.message
  }
}

function element(tag, text, onclick) {
  const e = document.createElement(tag)
  e.textContent = text
  if (onclick) e.addEventListener('click', tell(onclick))
  return e
}

const likes = new Map() // by cocktail, the most that was heard of: answers may overtake each other

function countLikes(id, n) {
  likes.set(id, Math.max(n, likes.get(id) ?? 0))
  for (const e of document.querySelectorAll('.like')) {
    if (e.dataset.id === id) e.textContent = `♥ ${likes.get(id)}`
  }
}

function likeButton({ id, likes: n }) {
  const button = element('button', '', async () => {
    const like = await api(`/api/cocktails/${encodeURIComponent(id)}/like`, { method: 'POST' })
    countLikes(like.id, like.likes)
  })
  button.className = 'like'
  button.dataset.id = id
  queueMicrotask(() => countLikes(id, n)) // once it is in the page
  return button
}

function showList(cocktails) {
  $('#list').replaceChildren(...cocktails.map(c => {
    const open = element('button', c.name, async () => show(await api(`/api/cocktails/${encodeURIComponent(c.id)}`)))
    open.className = 'open'
    const item = element('li', '')
    item.append(open, likeButton(c))
    return item
  }))
}

function show(c) {
  const ingredients = element('ul', '')
  ingredients.append(...c.ingredients.map(i => element('li', `${i.amount} ${i.name}`)))
  $('#cocktail').replaceChildren(element('h2', c.name), element('p', c.glass), ingredients,
    element('p', c.instructions), likeButton(c))
}

function showUser(user) {
  $('#login').hidden = user !== null
  $('#user').hidden = user === null
  $('#user a').hidden = !user?.admin
  $('#user span').textContent = user?.name ?? ''
}

$('#login').addEventListener('submit', tell(async event => {
  showUser(await api('/api/login', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(Object.fromEntries(new FormData(event.target))),
  }))
}))

$('#user button').addEventListener('click', tell(async () => {
  await api('/api/logout', { method: 'POST' })
  showUser(null)
}))

$('#search').addEventListener('submit', tell(async event => {
  const ingredient = new FormData(event.target).get('ingredient')
  showList(await api(ingredient ? `/api/cocktails/search?${new URLSearchParams({ ingredient })}` : '/api/cocktails'))
}))

$('#random').addEventListener('click', tell(async () => show(await api('/api/cocktails/random'))))

new EventSource('/api/likes').addEventListener('like', event => {
  const like = JSON.parse(event.data)
  countLikes(like.id, like.likes)
})

api('/api/me').then(showUser, () => showUser(null))
showList(await api('/api/cocktails'))
