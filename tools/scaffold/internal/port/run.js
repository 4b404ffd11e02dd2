// What a handler finds around it, as far as a translation may use it: the classes of the Fetch Standard, next/*, and the
// request and the response of Express and of Next.js' API Routes.
const console = new Proxy({}, { get: () => () => undefined });
class Headers {
  constructor(init) {
    this.list = [];
    if (init instanceof Headers) init.list.forEach(([k, v]) => this.append(k, v));
    else for (const k of Object.keys(init ?? {})) this.append(k, init[k]);
  }
  append(k, v) { this.list.push([String(k).toLowerCase(), String(v)]); }
  set(k, v) { this.delete(k); this.append(k, v); }
  delete(k) { this.list = this.list.filter(([n]) => n !== String(k).toLowerCase()); }
  get(k) {
    const found = this.list.filter(([n]) => n === String(k).toLowerCase()).map(([, v]) => v);
    return found.length ? found.join(', ') : null;
  }
  has(k) { return this.get(k) !== null; }
}
class URLSearchParams {
  constructor(text) {
    this.list = text.split('&').filter((p) => p).map((p) => {
      const [k, ...v] = p.split('=');
      return [k, v.join('=')].map((s) => decodeURIComponent(s.replace(/\+/g, ' ')));
    });
  }
  get(k) { return (this.list.find(([n]) => n === k) ?? [null, null])[1]; }
  getAll(k) { return this.list.filter(([n]) => n === k).map(([, v]) => v); }
  has(k) { return this.list.some(([n]) => n === k); }
}
class URL {
  constructor(target, base) {
    if (!/^https?:/.test(target)) {
      if (base === undefined || !target.startsWith('/')) throw new TypeError('a URL that this does not read');
      target = new URL(String(base)).origin + target;
    }
    const [, origin, path, search] = /^(https?:\/\/[^/?#]*)([^?#]*)(\?[^#]*)?/.exec(target);
    this.origin = origin; this.pathname = path || '/'; this.search = search ?? '';
    this.searchParams = new URLSearchParams(this.search.slice(1));
    this.href = this.origin + this.pathname + this.search;
  }
  toString() { return this.href; }
}
class Response {
  constructor(body, init) {
    if (typeof body === 'object' && body !== null) throw new TypeError('a body that this does not have');
    this.status = init?.status ?? 200;
    if (this.status < 200 || this.status > 599) throw new RangeError('status');
    if (body != null && [204, 205, 304].includes(this.status)) throw new TypeError('a null body status');
    this.headers = new Headers(init?.headers);
    this.text = body == null ? '' : String(body);
    if (body != null && !this.headers.has('content-type')) this.headers.set('content-type', 'text/plain;charset=UTF-8');
  }
  static json(value, init) {
    const text = JSON.stringify(value);
    if (text === undefined) throw new TypeError('not JSON');
    const headers = new Headers(init?.headers);
    if (!headers.has('content-type')) headers.set('content-type', 'application/json');
    return new this(text, { ...init, headers });
  }
  static redirect(target, init) {
    const status = typeof init === 'number' ? init : init?.status ?? this.redirectStatus;
    if (![301, 302, 303, 307, 308].includes(status)) throw new RangeError('status');
    const r = new this(null, { status });
    r.headers.set('location', String(target));
    return r;
  }
}
Response.redirectStatus = 302;
class NextResponse extends Response {}
NextResponse.redirectStatus = 307;
class Thrown { constructor(response) { this.response = response; } }
const thrown = (status, target) => {
  const r = new Response(null, { status });
  if (target) r.headers.set('location', target);
  throw new Thrown(r);
};

function cookiesOf(header) {
  const all = {};
  for (const part of (header ?? '').split('; ')) {
    const i = part.indexOf('=');
    if (i > 0 && !(part.slice(0, i) in all)) all[part.slice(0, i)] = decodeURIComponent(part.slice(i + 1));
  }
  return all;
}
const jar = (header) => {
  const all = cookiesOf(header);
  return { get: (k) => (k in all ? { name: k, value: all[k] } : undefined), has: (k) => k in all };
};
const modules = (asked) => ({
  'next/server': { NextResponse },
  'next/headers': { cookies: () => Promise.resolve(jar(asked.headers.cookie)), headers: () => Promise.resolve(new Headers(asked.headers)) },
  'next/navigation': { redirect: (t) => thrown(307, t), permanentRedirect: (t) => thrown(308, t), notFound: () => thrown(404) },
});

const answerOf = (r, asked) => ({ status: r.status, headers: Object.fromEntries(r.headers.list), text: asked.method === 'HEAD' ? '' : r.text });

async function callFetch(handler, asked) {
  const url = new URL('http://example.com' + asked.target);
  const request = {
    method: asked.method, url: url.href, nextUrl: url, headers: new Headers(asked.headers), cookies: jar(asked.headers.cookie),
    json: async () => JSON.parse(asked.body),
  };
  const params = Promise.resolve(asked.params); // a Promise, and read at once by what is older
  Object.assign(params, asked.params);
  try {
    return answerOf(await handler(request, { params }), asked);
  } catch (e) {
    if (e instanceof Thrown) return answerOf(e.response, asked);
    throw e;
  }
}

const phrases = { 200: 'OK', 201: 'Created', 202: 'Accepted', 204: 'No Content', 301: 'Moved Permanently', 302: 'Found', 303: 'See Other', 304: 'Not Modified', 307: 'Temporary Redirect', 308: 'Permanent Redirect', 400: 'Bad Request', 401: 'Unauthorized', 402: 'Payment Required', 403: 'Forbidden', 404: 'Not Found', 405: 'Method Not Allowed', 409: 'Conflict', 410: 'Gone', 422: 'Unprocessable Entity', 429: 'Too Many Requests', 500: 'Internal Server Error', 501: 'Not Implemented', 503: 'Service Unavailable' };

async function callReqRes(handler, asked, next) {
  const url = new URL('http://example.com' + asked.target);
  const query = {};
  for (const [k] of url.searchParams.list) {
    const all = url.searchParams.getAll(k);
    query[k] = all.length > 1 ? all : all[0];
  }
  const get = (name) => asked.headers[String(name).toLowerCase()];
  const req = {
    method: asked.method, url: asked.target, headers: asked.headers, cookies: cookiesOf(asked.headers.cookie),
    query: next ? { ...query, ...asked.params } : query, params: asked.params, get, header: get,
    body: asked.body ? JSON.parse(asked.body) : next ? '' : undefined,
  };
  const headers = new Headers();
  let answer;
  const end = (text) => {
    if (answer) throw new Error('answered twice');
    const none = res.statusCode === 204 || res.statusCode === 304;
    if (none) headers.delete('content-type');
    answer = { status: res.statusCode, headers: Object.fromEntries(headers.list), text: none || asked.method === 'HEAD' ? '' : text };
    return res;
  };
  const charset = (type) => (/^(text\/|application\/(json|javascript))/.test(type) && !/charset/.test(type) ? type + '; charset=utf-8' : type);
  const res = {
    statusCode: 200,
    status(n) { res.statusCode = n; return res; },
    setHeader(k, v) { headers.set(k, Array.isArray(v) ? v.join(', ') : v); return res; },
    set(k, v) { headers.set(k, String(k).toLowerCase() === 'content-type' ? charset(v) : v); return res; },
    header(k, v) { return res.set(k, v); },
    type(t) { headers.set('content-type', t.includes('/') ? charset(t) : charset({ json: 'application/json', html: 'text/html', txt: 'text/plain', text: 'text/plain', xml: 'application/xml', css: 'text/css' }[t])); return res; },
    vary(v) { headers.set('vary', headers.has('vary') ? headers.get('vary') + ', ' + v : v); return res; },
    location(v) { headers.set('location', encodeURI(v)); return res; },
    cookie() { return res; },
    json(v) {
      if (next || !headers.has('content-type')) headers.set('content-type', 'application/json; charset=utf-8');
      const text = JSON.stringify(v);
      if (text === undefined) throw new Error('undefined');
      return end(text);
    },
    send(v) {
      if (v === undefined || v === null) return end('');
      if (typeof v !== 'string') return res.json(v);
      if (!next) {
        const type = headers.get('content-type') ?? 'text/html';
        headers.set('content-type', /charset/.test(type) ? type : type + '; charset=utf-8');
      }
      return end(v);
    },
    end(v) { return end(v === undefined ? '' : String(v)); },
    sendStatus(n) { res.statusCode = n; headers.set('content-type', 'text/plain; charset=utf-8'); return end(phrases[n] ?? String(n)); },
    redirect(a, b) {
      const [status, target] = b === undefined ? [next ? 307 : 302, a] : [a, b];
      res.statusCode = status;
      headers.set('location', next ? target : encodeURI(target));
      return end(next ? target : `${phrases[status] ?? status}. Redirecting to ${encodeURI(target)}`);
    },
  };
  await handler(req, res);
  if (!answer) throw new Error('no answer');
  return answer;
}
