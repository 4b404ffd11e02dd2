// The legacy service: an Express 5 app. Not a line of it knows that it is being moved.
const express = require('express');
const compression = require('compression');
const cookieParser = require('cookie-parser');

const products = [
  { id: '1', name: 'Teapot', price: 2400 },
  { id: '2', name: 'Tea & Co. Earl Grey', price: 850, note: 'long leaves, '.repeat(200) },
  { id: '3', name: 'Tasse à thé', price: 600 },
];

const app = express();
app.use(compression());
app.use(express.json());
app.use(cookieParser());

app.get('/products/:id', function getProduct(req, res) {
  const product = products.find((p) => p.id === req.params.id);
  if (!product) {
    return res.status(404).json({ error: 'no such product' });
  }
  res.set('Cache-Control', 'public, max-age=60').json(product);
});

app.get('/search', function search(req, res) {
  const q = String(req.query.q ?? '').toLowerCase();
  const found = products.filter((p) => q && p.name.toLowerCase().includes(q)).map((p) => p.name);
  res.cookie('last', q, { maxAge: 60000, httpOnly: true }).vary('Accept-Language').json({ q, found });
});

app.post('/products', function create(req, res) {
  if (!req.body?.name) {
    return res.status(400).json({ error: 'name is missing' });
  }
  res.status(201).location('/products/4').json({ id: '4', ...req.body });
});

app.get('/cart', function cart(req, res) {
  res.json({ product: req.cookies.cart ?? null });
});

app.get('/shop', function shop(req, res) {
  res.redirect('/products/1');
});

app.get('/events', function events(req, res) {
  res.type('text/event-stream');
  let n = 0;
  const timer = setInterval(() => {
    res.write(`event: sold\ndata: ${n++}\n\n`);
    res.flush();
    if (n === 3) {
      clearInterval(timer);
      res.end();
    }
  }, 10);
});

const orders = express.Router();
orders.get('/:id', function getOrder(req, res) {
  res.send(`order ${req.params.id} of ${req.protocol}://${req.get('Host')}${req.baseUrl}`);
});
orders.delete('/:id', function cancel(req, res) {
  res.status(204).end();
});
app.use('/api/orders', orders);

app.set('trust proxy', 'loopback');
const server = app.listen(Number(process.env.PORT ?? 0), '127.0.0.1', () => console.log(`listening on ${server.address().port}`));
