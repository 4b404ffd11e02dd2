// The worker under Node's HTTP server: node node.mjs prints where it listens.
import { createServer } from 'node:http'
import { readFile } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { host } from './host.mjs'

const worker = host(await WebAssembly.compile(await readFile(new URL('app.wasm', import.meta.url))))

const server = createServer(async (req, res) => {
  const gone = new AbortController()
  res.on('close', () => gone.abort())
  const bodyless = req.method === 'GET' || req.method === 'HEAD'
  const request = new Request(`http://${req.headers.host}${req.url}`, {
    method: req.method, signal: gone.signal,
    headers: { ...req.headers, 'cf-connecting-ip': req.socket.remoteAddress },
    ...(bodyless ? {} : { body: Readable.toWeb(req), duplex: 'half' }),
  })
  try {
    const response = await worker.fetch(request, {}, { waitUntil() {} })
    res.writeHead(response.status, [...response.headers].flat())
    res.flushHeaders()
    if (response.body) await pipeline(Readable.fromWeb(response.body), res)
    else res.end()
  } catch (err) {
    console.error(`${req.method} ${req.url}: ${err}`)
    res.destroy()
  }
})
server.listen(0, '127.0.0.1', () => console.log(`listening on ${server.address().port}`))
