// The workloads that are asked over loopback, in Express as its users run it.
const express = require('express')

const app = express()
app.get('/text', (req, res) => res.type('text/plain').send('Hello, World!'))
app.get('/json', (req, res) => res.json({ id: 7, name: 'Ada Lovelace', admin: true }))
app.post('/json', express.json(), (req, res) => {
  const { customer, items } = req.body
  res.json({
    customer,
    items: items.reduce((n, i) => n + i.count, 0),
    cents: items.reduce((n, i) => n + i.count * i.cents, 0),
  })
})

const server = app.listen(0, '127.0.0.1', () => console.log(`127.0.0.1:${server.address().port}`))
