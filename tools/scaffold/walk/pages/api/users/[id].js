export default function handler(req, res) {
  const { id, fields } = req.query;
  switch (req.method) {
    case 'GET':
      if (id === '0') {
        return res.status(404).json({ error: 'no such user' });
      }
      res.setHeader('Cache-Control', 'no-store');
      return res.status(200).json({ id, name: 'Ada', fields });
    case 'DELETE':
      return res.status(204).end();
    default:
      res.setHeader('Allow', 'GET, DELETE');
      return res.status(405).end(`Method ${req.method} Not Allowed`);
  }
}
