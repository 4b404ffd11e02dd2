// Prints the endpoints of an Express 5 app, a line each, when the app begins to listen, and ends it.
const { Router } = require('express');

const use = Router.prototype.use; // Express forgets under which prefix a router is mounted
Router.prototype.use = function (path, ...rest) {
  for (const f of [path, ...rest].flat()) {
    if (typeof f === 'function' && f.stack) f.mountedAt = typeof path === 'string' ? path : '';
  }
  return use.call(this, path, ...rest);
};

const lines = (router, prefix) =>
  router.stack.flatMap(({ route, handle }) => {
    if (!route) return handle.stack ? lines(handle, prefix + (handle.mountedAt ?? '').replace(/\/$/, '')) : [];
    const name = route.stack.at(-1).name.replace('<anonymous>', '');
    return [route.path].flat().flatMap((path) =>
      Object.keys(route.methods).map((method) =>
        [method === '_all' ? 'ANY' : method.toUpperCase(), path === '/' && prefix ? prefix : prefix + path, name].join(' ').trim()));
  });

require('node:http').Server.prototype.listen = function () {
  for (const app of this.listeners('request')) if (app.router) console.log(lines(app.router, '').join('\n'));
  process.exit();
};
