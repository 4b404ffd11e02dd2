export default {
  poweredByHeader: false,
  async redirects() {
    return [{ source: '/u/:id', destination: '/api/users/:id', permanent: true }];
  },
  async rewrites() {
    return [{ source: '/things/:id', destination: '/api/items/:id' }];
  },
};
