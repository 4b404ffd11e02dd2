// Package migrateotel tells OpenTelemetry about the migrations of a mux: which side has answered a
// request, on the request's own span; shadows as traces of their own; and the counters of every
// pair as metrics. It uses the APIs alone, so SDK and exporters are the service's choice.
//
//	spans := migrateotel.NewSpans(otel.Tracer("shop"))
//	mux, err := adapt.New(func(r *adapt.Routes) {
//		r.OnEnd(spans.OnEnd)
//		r.Scope(adapt.Scope{Migration: migrate.Config{Shadow: migrate.ShadowConfig{Detach: spans.Detach}}}, shop)
//	})
//	…
//	spans.Describe(mux.Routes())
//	_, err = migrateotel.Register(otel.Meter("shop"), mux.Migrations())
//	http.ListenAndServe(":8080", otelhttp.NewHandler(mux, "shop"))
//
// Attributes follow the semantic conventions for HTTP and for feature flags (the latter are still
// in development). None of them is a part of a request, not even the key, which could identify a
// person.
package migrateotel

import (
	"context"
	"errors"
	"iter"
	"sync/atomic"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/adapt/migrate"
)

// Shadow marks the spans of shadows, so that service levels and sampling can leave them out: nobody
// waits for them.
const Shadow = attribute.Key("crossfade.shadow")

// Spans annotates the spans of requests and makes those of shadows. Its methods are safe for any
// number of goroutines.
type Spans struct {
	tracer trace.Tracer
	pairs  atomic.Pointer[map[string]*migrate.Pair] // by the pattern of the route, with its method
}

// NewSpans returns one that makes the spans of shadows with a tracer.
func NewSpans(t trace.Tracer) *Spans { return &Spans{tracer: t} }

// Describe tells which routes have a migration, once the mux is made. Until then spans say nothing
// of their stage.
func (s *Spans) Describe(routes iter.Seq[adapt.Route]) {
	pairs := make(map[string]*migrate.Pair)
	for r := range routes {
		if r.Pair != nil {
			pairs[r.Method+" "+r.Pattern] = r.Pair
		}
	}
	s.pairs.Store(&pairs)
}

// OnEnd annotates the span in the context of a request, for Routes.OnEnd. A request whose route has
// no migration gets its route alone.
func (s *Spans) OnEnd(e adapt.Ended) {
	span := trace.SpanFromContext(e.Request.Context())
	if !span.IsRecording() {
		return
	}
	if e.Route != "" {
		span.SetAttributes(attribute.String("http.route", e.Route))
	}
	if e.Side == "" {
		return
	}
	attributes := []attribute.KeyValue{
		attribute.String("feature_flag.provider.name", "crossfade"),
		attribute.String("feature_flag.result.variant", e.Side),
	}
	if pair := s.pairOf(e); pair != nil {
		attributes = append(attributes, attribute.String("feature_flag.key", pair.Name()), attribute.String("feature_flag.result.reason", reason(pair.Plan())),
			attribute.String("crossfade.stage", pair.Plan().Stage.String()))
	}
	span.SetAttributes(attributes...)
}

func (s *Spans) pairOf(e adapt.Ended) *migrate.Pair {
	pairs := s.pairs.Load()
	if pairs == nil {
		return nil
	}
	for _, method := range []string{e.Request.Method, "GET", "ANY"} { // HEAD is served by GET, and every method by Any
		if p := (*pairs)[method+" "+e.Route]; p != nil {
			return p
		}
	}
	return nil
}

// reason returns the word of the conventions for why a plan chose a side.
func reason(p migrate.Plan) string {
	if p.Stage == migrate.Canary {
		return "split"
	}
	return "static"
}

// Detach begins the span of a shadow, for migrate.ShadowConfig.Detach: the root of a trace of its
// own, since it begins when the request has ended, with a link to the span of that. It ends with
// the shadow.
func (s *Spans) Detach(ctx context.Context) context.Context {
	within, span := s.tracer.Start(ctx, "crossfade shadow", trace.WithNewRoot(), trace.WithLinks(trace.LinkFromContext(ctx)),
		trace.WithSpanKind(trace.SpanKindInternal), trace.WithAttributes(Shadow.Bool(true)))
	context.AfterFunc(ctx, func() {
		if errors.Is(context.Cause(ctx), context.DeadlineExceeded) {
			span.SetStatus(codes.Error, "the shadow ran out of time")
		}
		span.End()
	})
	return within
}
