// Prints the endpoints of an Express 5 app for origin.List. Load it before the app, since Express forgets under which
// prefix a router is mounted:
//
//	ENDPOINTS=1 node --require ./endpoints.cjs app.js > endpoints.txt
const { Router } = require('express');

const use = Router.prototype.use;
Router.prototype.use = function (path, ...rest) {
  for (const f of [path, ...rest].flat()) {
    if (typeof f === 'function' && f.stack) f.mountedAt = typeof path === 'string' ? path : '';
  }
  return use.call(this, path, ...rest);
};

const lines = (router, prefix) =>
  router.stack.flatMap(({ route, handle }) => {
    if (!route) return handle.stack ? lines(handle, prefix + (handle.mountedAt ?? '').replace(/\/$/, '')) : [];
    return [route.path].flat().flatMap((path) =>
      Object.keys(route.methods).map((method) => {
        const name = route.stack.at(-1).name;
        const own = path === '/' && prefix ? '' : path;
        return [method === '_all' ? 'ANY' : method.toUpperCase(), prefix + own, name === '<anonymous>' ? '' : name].join(' ').trim();
      }),
    );
  });

exports.print = (app) => console.log(lines(app.router, '').join('\n'));
