//go:build js

// Command edge is the mux as WebAssembly, for a runtime that has the fetch event: Cloudflare
// Workers (workerd), Deno, Node. host.mjs is the other half: it starts instances and hands them
// requests. A JavaScript Request becomes a fetch.Request and a fetch.Response a JavaScript
// Response, streams as streams in both directions.
//
//	GOOS=js GOARCH=wasm go build -trimpath -ldflags='-s -w' -o app.wasm .
//	cp "$(go env GOROOT)/lib/wasm/wasm_exec.js" .
package main

import (
	"context"
	"errors"
	"io"
	"log"
	"net/netip"
	"syscall/js"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/examples/hosts/app"
	"github.com/crossfade-go/crossfade/fetch"
)

func main() {
	mux, err := app.New(adapt.Config{TrustedProxies: inProcess})
	if err != nil {
		log.Fatal(err)
	}
	js.Global().Get("started").Invoke(js.FuncOf(func(_ js.Value, args []js.Value) any {
		return serve(mux, args[0], args[1])
	}))
	select {}
}

// serve returns the promise of a Response. It calls ended when the answer has been read, or given
// up, and the work after it is done: the time until which the runtime must keep the instance alive.
func serve(mux *adapt.Mux, in, ended js.Value) js.Value {
	ctx, cancel := context.WithCancel(adapt.Waitable(context.Background()))
	left := js.FuncOf(func(js.Value, []js.Value) any { cancel(); return nil })
	in.Get("signal").Call("addEventListener", "abort", left)
	end := func() {
		in.Get("signal").Call("removeEventListener", "abort", left)
		left.Release()
		cancel()
		go func() {
			_ = adapt.Wait(context.WithoutCancel(ctx))
			ended.Invoke()
		}()
	}
	return promise(func() (js.Value, error) {
		res, err := mux.Fetch(request(in).WithContext(ctx))
		if err != nil {
			end()
			return js.Undefined(), err
		}
		return response(res, end), nil
	})
}

// inProcess is the address of a request that has no connection. Who sent it the runtime says in a
// header of its own, which takes the place of what the client says: see request.
var inProcess = []netip.Prefix{netip.MustParsePrefix("192.0.2.1/32")}

func request(in js.Value) *fetch.Request {
	var opts []fetch.RequestOption
	for fields := in.Get("headers").Call("entries"); ; {
		field := fields.Call("next")
		if field.Get("done").Bool() {
			break
		}
		name, value := field.Get("value").Index(0).String(), field.Get("value").Index(1).String()
		switch name {
		case "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto":
		case "cf-connecting-ip":
			opts = append(opts, fetch.RequestHeader("X-Forwarded-For", value))
		default:
			opts = append(opts, fetch.RequestHeader(name, value))
		}
	}
	if body := in.Get("body"); body.Truthy() {
		opts = append(opts, fetch.StreamBody(&reader{stream: body.Call("getReader")}))
	}
	return fetch.NewRequest(in.Get("method").String(), in.Get("url").String(), opts...)
}

// response calls end when the body has been read to its end, has broken, or nobody wants more of
// it.
func response(res *fetch.Response, end func()) js.Value {
	headers := js.Global().Get("Headers").New()
	for name, value := range res.Headers().All() {
		headers.Call("append", name, value)
	}
	head := map[string]any{"status": res.Status(), "headers": headers}
	if b, whole := res.Buffered(); whole {
		defer end()
		if len(b) == 0 {
			return js.Global().Get("Response").New(nil, head)
		}
		return js.Global().Get("Response").New(bytesOf(b), head)
	}
	return js.Global().Get("Response").New(stream(res, end), head)
}

// stream is a ReadableStream that reads on only when somebody wants more.
func stream(res *fetch.Response, end func()) js.Value {
	src, buf := res.Reader(), make([]byte, 32<<10)
	var pull, cancel js.Func
	unwanted := false // no lock: of all goroutines one runs at a time, until it waits
	over := func() {
		pull.Release()
		cancel.Release()
		end()
	}
	pull = js.FuncOf(func(_ js.Value, args []js.Value) any {
		return promise(func() (js.Value, error) {
			n, err := src.Read(buf)
			if unwanted {
				return js.Undefined(), nil
			}
			if n > 0 {
				args[0].Call("enqueue", bytesOf(buf[:n]))
			}
			switch {
			case err == io.EOF:
				args[0].Call("close")
				over()
			case err != nil:
				args[0].Call("error", js.Global().Get("Error").New(err.Error()))
				over()
			}
			return js.Undefined(), nil
		})
	})
	cancel = js.FuncOf(func(js.Value, []js.Value) any {
		unwanted = true
		go func() { // the producer may take its time
			_ = res.Close()
			over()
		}()
		return nil
	})
	return js.Global().Get("ReadableStream").New(map[string]any{"pull": pull, "cancel": cancel})
}

func bytesOf(b []byte) js.Value {
	v := js.Global().Get("Uint8Array").New(len(b))
	js.CopyBytesToJS(v, b)
	return v
}

// reader reads a ReadableStream.
type reader struct {
	stream js.Value
	rest   []byte
}

func (r *reader) Read(p []byte) (int, error) {
	for len(r.rest) == 0 {
		read, err := await(r.stream.Call("read"))
		if err != nil {
			return 0, err
		}
		if read.Get("done").Bool() {
			return 0, io.EOF
		}
		r.rest = make([]byte, read.Get("value").Length())
		js.CopyBytesToGo(r.rest, read.Get("value"))
	}
	n := copy(p, r.rest)
	r.rest = r.rest[n:]
	return n, nil
}

// promise runs f on a goroutine of its own, since a callback of JavaScript must not wait.
func promise(f func() (js.Value, error)) js.Value {
	settle := js.FuncOf(func(_ js.Value, args []js.Value) any {
		go func() {
			if v, err := f(); err != nil {
				args[1].Invoke(js.Global().Get("Error").New(err.Error()))
			} else {
				args[0].Invoke(v)
			}
		}()
		return nil
	})
	defer settle.Release()
	return js.Global().Get("Promise").New(settle)
}

// await waits for a promise.
func await(p js.Value) (v js.Value, err error) {
	done := make(chan struct{})
	kept := js.FuncOf(func(_ js.Value, args []js.Value) any {
		v = args[0]
		close(done)
		return nil
	})
	defer kept.Release()
	broken := js.FuncOf(func(_ js.Value, args []js.Value) any {
		err = errors.New(js.Global().Get("String").Invoke(args[0]).String())
		close(done)
		return nil
	})
	defer broken.Release()
	p.Call("then", kept, broken)
	<-done
	return v, err
}
