// The host of a mux that was built for js/wasm: it makes of a WebAssembly.Module what a runtime with the
// fetch event wants, { fetch(request, env, ctx) }.
//
// An instance of the program serves one request at a time, since runtimes tie timers and streams to the
// request in which they were made. When the work after the answer is done, it waits for the next one. So
// there are as many instances as there are requests at the same time.
import './wasm_exec.js'

async function start(module) {
  const go = new Go()
  const { gojs } = go.importObject
  const schedule = gojs['runtime.scheduleTimeoutEvent']
  let due = 0 // Go has one timer
  gojs['runtime.scheduleTimeoutEvent'] = (sp) => {
    due = performance.now() + Number(go.mem.getBigInt64((sp >>> 0) + 8, true))
    schedule(sp)
  }
  // A timer dies with its request: what the program still waits for is started anew in the next one.
  const wind = () => {
    for (const [id, timer] of go._scheduledTimeouts) {
      clearTimeout(timer)
      go._scheduledTimeouts.set(id, setTimeout(() => go._resume(), Math.max(0, due - performance.now())))
    }
  }
  const instance = await WebAssembly.instantiate(module, go.importObject)
  return new Promise((resolve, reject) => {
    globalThis.started = (serve) => resolve((request, ended) => (wind(), serve(request, ended)))
    go.run(instance).then(() => reject(new Error('the program has ended')), reject)
  })
}

export function host(module) {
  const idle = []
  return {
    async fetch(request, env, ctx) {
      const serve = idle.pop() ?? (await start(module))
      let response
      const ended = new Promise((resolve) => { response = serve(request, resolve) })
      ctx.waitUntil(ended.then(() => idle.push(serve)))
      return response
    },
  }
}
