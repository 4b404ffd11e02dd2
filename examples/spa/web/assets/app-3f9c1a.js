// The page's router: each path has a view, and a reload at any of them comes back here.
const views = {
  '/': async () => (await (await fetch('/api/greeting')).json()).greeting,
  '/about': async () => 'one binary serves the page and its API',
}
const show = async () => {
  const view = views[location.pathname] ?? (async () => 'there is nothing here')
  document.querySelector('main').textContent = await view()
}
document.querySelector('nav').addEventListener('click', (event) => {
  if (!event.target.href) return
  event.preventDefault()
  history.pushState(null, '', event.target.href)
  show()
})
addEventListener('popstate', show)
show()
