// The legacy service: an API Route.
export default function handler(req, res) {
  if (req.query.id === '0') {
    return res.status(404).json({ error: 'no such user' });
  }
  res.setHeader('Cache-Control', 'no-store').json({ id: req.query.id, name: 'Ada' });
}
