// The Worker: what workerd and Cloudflare run.
import { host } from './host.mjs'
import module from './app.wasm'

export default host(module)
