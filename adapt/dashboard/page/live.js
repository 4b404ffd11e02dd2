// The connection: server-sent events while they come, and a question every two seconds while they do not,
// as behind a proxy that collects them. Whatever happens, the next word has everything.

const silence = 5000; // after which a connection that says nothing is not believed in

export class Live {
  // hear is told each state and tick, how is told "live", "polling", "lost" or "refused".
  constructor(hear, how) {
    Object.assign(this, { hear, how, pair: null, source: null, heard: 0, wait: 1000 });
    setInterval(() => this.watch(), 2000);
  }

  // open listens anew, also to one pair where that is given.
  open(pair) {
    this.pair = pair;
    this.connect();
  }

  query() {
    return this.pair == null ? "" : "?pair=" + encodeURIComponent(this.pair);
  }

  connect() {
    clearTimeout(this.again);
    this.source?.close();
    const source = new EventSource("v1/live" + this.query());
    this.source = source;
    for (const name of ["state", "tick"]) {
      source.addEventListener(name, (e) => {
        if (this.source !== source) return;
        this.heard = Date.now();
        this.wait = 1000;
        this.hear(JSON.parse(e.data), name === "state");
        this.how("live");
      });
    }
    source.addEventListener("error", () => {
      if (this.source !== source) return;
      this.how("lost");
      if (source.readyState === EventSource.CLOSED) this.later(); // it was answered, but not with events
    });
  }

  later() {
    this.again = setTimeout(() => this.connect(), this.wait);
    this.wait = Math.min(2 * this.wait, 10000);
  }

  // watch asks where nothing is heard.
  async watch() {
    if (Date.now() - this.heard < silence) return;
    try {
      const res = await fetch("v1/state", { cache: "no-store" });
      if (res.status === 404) return this.how("refused");
      if (!res.ok) return;
      const state = await res.json();
      if (this.pair != null) {
        const one = await fetch("v1/pair" + this.query(), { cache: "no-store" });
        if (one.ok) state.open = await one.json();
      }
      this.hear(state, true);
      this.how("polling");
    } catch {
      this.how("lost");
    }
  }
}
