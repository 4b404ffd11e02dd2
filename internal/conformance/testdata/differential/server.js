// Serves cases of Express with Express itself: one server for each case, on a
// port of its own. The Go test TestDifferential starts it with the file of the
// cases, the folder of the fixtures and the folder in which Express is
// installed; it prints the versions and the ports, and ends with its stdin.
'use strict'
const [, , file, fixtures, install] = process.argv
const fs = require('fs')
const http = require('http')
const path = require('path')
const load = (name) => require(require.resolve(name, { paths: [install] }))
const express = load('express')
const cookieParser = load('cookie-parser')
process.env.NODE_ENV = 'production'
process.on('unhandledRejection', () => {})
process.on('uncaughtException', () => {})

const refuse = (first, message, extra) => (req, res, buf) => {
  if (buf[0] === first) throw Object.assign(new Error(message), extra)
}
const functions = {
  etagCustom: () => '"custom"',
  etagNone: () => undefined,
  replacerNoUnderscore: (k, v) => (k[0] === '_' ? undefined : v),
  queryLength: (s) => ({ length: (s || '').length }),
  trustAll: () => true,
  trustNone: () => false,
  trust10: (addr) => addr.startsWith('10.'),
  verifyNoArray: refuse(0x5b, 'no arrays'),
  verifyNoArray400: refuse(0x5b, 'no arrays', { status: 400 }),
  verifyNoArrayType: refuse(0x5b, 'no arrays', { type: 'foo.bar' }),
  verifyNoSpace: refuse(0x20, 'no leading space'),
  verifyThrow: () => { throw new Error('verify was called') },
  typeVndSomething: (req) => req.headers['content-type'] === 'application/vnd.something',
  typeAll: () => true,
  typeThrow: () => { throw new Error('the type function was called') },
  reviverUpper: (k, v) => (typeof v === 'string' ? v.toUpperCase() : v),
  encodeIdentity: (s) => s
}

// Values of an app: only tags that need no request.
function constant (v) {
  if (Array.isArray(v)) return v.map(constant)
  if (v === null || typeof v !== 'object') return v
  if ('$fn' in v) return functions[v.$fn]
  if ('$fixture' in v) return path.join(fixtures, v.$fixture)
  if ('$undefined' in v) return undefined
  return Object.fromEntries(Object.entries(v).map(([k, x]) => [k, constant(x)]))
}

class Run {
  constructor (req, res, next, err) { Object.assign(this, { req, res, next, err }) }

  value (v) {
    if (Array.isArray(v)) return v.map((x) => this.value(x))
    if (v === null || typeof v !== 'object') return v
    const tag = Object.keys(v)[0]
    if (!tag || tag[0] !== '$') return Object.fromEntries(Object.entries(v).map(([k, x]) => [k, this.value(x)]))
    const x = v[tag]
    switch (tag) {
      case '$': return Array.isArray(x) ? this.call(x) : this.member(x)
      case '$undefined': return undefined
      case '$nan': return NaN
      case '$inf': return Infinity
      case '$buf': return Buffer.from(this.value(x))
      case '$hex': return Buffer.from(x, 'hex')
      case '$u8': return Uint8Array.from(Buffer.from(this.value(x)))
      case '$date': return new Date(x === null ? NaN : x)
      case '$url': return new URL(x)
      case '$repeat': return x[0].repeat(x[1])
      case '$error': return Object.assign(new Error(x.message), x)
      case '$handler': return (...args) => this.again(args).run(x)
      case '$str': return String(this.value(x))
      case '$typeof': return typeof this.value(x)
      case '$concat': return x.map((y) => String(this.value(y))).join('')
      case '$join': return this.value(x[0]).join(x[1])
      case '$count': return Object.keys(this.value(x)).length
      case '$isArray': return Array.isArray(this.value(x))
      case '$eq': return this.value(x[0]) === this.value(x[1])
      case '$number': return Number(this.value(x))
      case '$hexOf': return Buffer.from(this.value(x)).toString('hex')
      case '$sortedPairs': return Object.entries(this.value(x)).sort(([a], [b]) => (a < b ? -1 : 1))
      case '$get': return this.call(x[0])[x[1]]
      case '$throws': try { this.call(x); return 'no throw' } catch (e) { return e.name + ': ' + e.message }
      case '$result': try { return { value: this.value(x) } } catch (e) { return { error: e.message } }
      case '$try': return this.value(x)
    }
    return constant(v)
  }

  again (args) {
    const err = args.length === 1 && (args[0] instanceof Error || args[0] === undefined) ? args[0] : this.err
    return new Run(this.req, this.res, this.next, err)
  }

  root () { return { req: this.req, res: this.res, err: this.err, log: this.req.log_, app: this.req.app } }

  member (name) {
    let v = this.root()
    for (const part of name.split('.')) v = v === undefined || v === null ? undefined : v[part]
    return v
  }

  call ([name, ...args]) {
    const [object, method] = name.split('.')
    const target = this.root()[object]
    return target[method](...args.map((a) => this.value(a)))
  }

  run (ops) {
    for (const [name, ...args] of ops) {
      switch (name) {
        case 'next': args.length ? this.next(this.value(args[0])) : this.next(); break
        case 'throw': throw this.value(args[0])
        case 'reject': return args.length ? Promise.reject(this.value(args[0])) : Promise.reject()
        case 'resolve': return Promise.resolve(this.value(args[0]))
        case 'delay': return new Promise((resolve) => setTimeout(resolve, args[0])).then(() => this.run(ops.slice(ops.findIndex((o) => o[0] === 'delay') + 1)))
        case 'log': this.req.log_.push(this.value(args[0])); break
        case 'if': { const r = this.run(this.value(args[0]) ? args[1] : args[2] || []); if (r) return r; break }
        case 'stop': return 'stop'
        case 'try': try { this.call(args[0]); this.req.log_.push('ok') } catch (e) { this.req.log_.push(e.message) } break
        case 'set': {
          const parts = args[0].split('.')
          const last = parts.pop()
          this.member(parts.join('.'))[last] = this.value(args[1])
          break
        }
        default: this.call([name, ...args])
      }
    }
  }
}

const handle = (l) => l.error
  ? (err, req, res, next) => { const r = new Run(req, res, next, err).run(l.do); if (r !== 'stop') return r }
  : (req, res, next) => { req.log_ = req.log_ || []; const r = new Run(req, res, next).run(l.do); if (r !== 'stop') return r }

const asPath = (p) => Array.isArray(p) ? p.map(asPath) : p && p.$regexp ? new RegExp(...p.$regexp) : p

function fill (app, stack) {
  for (const l of stack || []) {
    if (l.param) app.param(l.param, handle(l))
    else if (l.route) {
      const route = app.route(asPath(l.route))
      for (const h of l.handlers) route[h.method](handle(h))
    } else if (l.method) app[l.method](asPath(l.path), ...(l.handlers || [l]).map(handle))
    else {
      const args = l.use === true ? [] : [asPath(l.use)]
      if (l.mw === 'cookieParser') args.push(cookieParser(l.secret))
      else if (l.mw) args.push(l.mw === 'static' ? express.static(constant(l.root), constant(l.options)) : express[l.mw](l.options && constant(l.options)))
      else if (l.router) args.push(fill(express.Router(l.router.options), l.router.stack))
      else if (l.app) args.push(build(l.app))
      else args.push(handle(l))
      app.use(...args)
    }
  }
  return app
}

function build (spec) {
  const app = express()
  app.set('env', 'production')
  for (const [k, v] of Object.entries(spec.settings || {})) app.set(k, constant(v))
  return fill(app, spec.stack)
}

async function main () {
  const ports = {}
  for (const c of JSON.parse(fs.readFileSync(file))) {
    try {
      const server = http.createServer({ requireHostHeader: false }, build(c.app))
      await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
      ports[c.id] = server.address().port
    } catch (e) { ports[c.id] = 0 }
  }
  const version = load('express/package.json').version
  process.stdout.write(JSON.stringify({ express: version, node: process.version, ports }) + '\n')
  process.stdin.on('end', () => process.exit(0)).resume()
}
main()
