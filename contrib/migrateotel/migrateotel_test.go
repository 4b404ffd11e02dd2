package migrateotel_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.opentelemetry.io/otel/attribute"
	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"go.opentelemetry.io/otel/trace"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/contrib/migrateotel"
	"github.com/crossfade-go/crossfade/fetch"
	"github.com/crossfade-go/crossfade/reqres"
)

const secret = "s3cr3t" // stands in every part of a request

// service is a mux behind a tracing middleware, as otelhttp is one.
type service struct {
	*adapt.Mux
	spans  *tracetest.InMemoryExporter
	tracer trace.Tracer
	url    string
}

func newService(t *testing.T, shadow migrate.ShadowConfig, old reqres.Handler) *service {
	t.Helper()
	s := &service{spans: tracetest.NewInMemoryExporter()}
	s.tracer = sdktrace.NewTracerProvider(sdktrace.WithSyncer(s.spans)).Tracer("test")
	spans := migrateotel.NewSpans(s.tracer)
	shadow.Detach, shadow.Control = spans.Detach, -1
	shadow.MaxSchedLatency = -1
	var err error
	s.Mux, err = adapt.New(func(r *adapt.Routes) {
		r.OnEnd(spans.OnEnd)
		r.Scope(adapt.Scope{Migration: migrate.Config{Key: migrate.HeaderKey("User"), Shadow: shadow}}, func(r *adapt.Routes) {
			r.Migrate("GET", "/users/:id", old, func(*fetch.Request) (*fetch.Response, error) { return fetch.Text(secret) })
		})
		r.Fetch.GET("/plain", func(*fetch.Request) (*fetch.Response, error) { return fetch.Text("plain") })
	})
	if err != nil {
		t.Fatal(err)
	}
	spans.Describe(s.Routes())
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, span := s.tracer.Start(r.Context(), "request")
		defer span.End()
		s.ServeHTTP(w, r.WithContext(ctx))
	}))
	t.Cleanup(func() {
		server.Close()
		_ = s.Shutdown(context.Background())
	})
	s.url = server.URL
	return s
}

func (s *service) get(t *testing.T, path string) {
	t.Helper()
	req, err := http.NewRequest("GET", s.url+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("User", secret)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	_, _ = io.Copy(io.Discard, res.Body)
	res.Body.Close()
}

// ended waits for so many spans of a name.
func (s *service) ended(t *testing.T, name string, n int) (found tracetest.SpanStubs) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(5 * time.Millisecond) {
		found = nil
		for _, span := range s.spans.GetSpans() {
			if span.Name == name {
				found = append(found, span)
			}
			for _, a := range span.Attributes {
				if strings.Contains(a.Value.String(), secret) {
					t.Errorf("the span %q has %s=%q", span.Name, a.Key, a.Value.String())
				}
			}
		}
		if len(found) >= n {
			return found
		}
		if time.Now().After(deadline) {
			t.Fatalf("%d spans %q, want %d", len(found), name, n)
		}
	}
}

func attributes(span tracetest.SpanStub) map[string]string {
	all := map[string]string{}
	for _, a := range span.Attributes {
		all[string(a.Key)] = a.Value.String()
	}
	return all
}

func quick(_ *reqres.Request, res *reqres.Response) error { return res.Send("old") }

func TestRequestSpans(t *testing.T) {
	s := newService(t, migrate.ShadowConfig{Sample: -1}, quick)
	pair, _ := s.Migration("GET /users/:id")
	for i, c := range []struct {
		path string
		plan migrate.Plan
		want map[string]string
	}{
		{"/plain", migrate.Plan{}, map[string]string{"http.route": "/plain"}},
		{"/users/" + secret, migrate.Plan{}, map[string]string{"http.route": "/users/:id", "feature_flag.key": "GET /users/:id", "feature_flag.provider.name": "crossfade",
			"feature_flag.result.variant": "old", "feature_flag.result.reason": "static", "crossfade.stage": "old"}},
		{"/users/" + secret, migrate.Plan{Stage: migrate.Canary, Share: 1}, map[string]string{"http.route": "/users/:id", "feature_flag.key": "GET /users/:id",
			"feature_flag.provider.name": "crossfade", "feature_flag.result.variant": "new", "feature_flag.result.reason": "split", "crossfade.stage": "canary"}},
		{"/none", migrate.Plan{}, map[string]string{}},
	} {
		if err := pair.Set(c.plan, "test"); err != nil {
			t.Fatal(err)
		}
		s.get(t, c.path)
		spans := s.ended(t, "request", i+1)
		if diff := cmp.Diff(c.want, attributes(spans[i])); diff != "" {
			t.Errorf("%s at %v (-want +got):\n%s", c.path, c.plan, diff)
		}
	}
}

// A shadow is a trace of its own, linked to the request that it follows, and marked.
func TestShadowSpans(t *testing.T) {
	s := newService(t, migrate.ShadowConfig{}, quick)
	pair, _ := s.Migration("GET /users/:id")
	if err := pair.Set(migrate.Plan{Stage: migrate.Shadow}, "test"); err != nil {
		t.Fatal(err)
	}
	s.get(t, "/users/"+secret)
	shadow, request := s.ended(t, "crossfade shadow", 1)[0], s.ended(t, "request", 1)[0]
	if shadow.Parent.IsValid() || shadow.SpanContext.TraceID() == request.SpanContext.TraceID() {
		t.Errorf("the shadow is a part of the request's trace")
	}
	if len(shadow.Links) != 1 || shadow.Links[0].SpanContext.SpanID() != request.SpanContext.SpanID() {
		t.Errorf("the shadow is linked to %+v", shadow.Links)
	}
	if diff := cmp.Diff(map[string]string{"crossfade.shadow": "true"}, attributes(shadow)); diff != "" {
		t.Errorf("the shadow (-want +got):\n%s", diff)
	}
}

func TestShadowThatRunsOutOfTime(t *testing.T) {
	s := newService(t, migrate.ShadowConfig{Timeout: 20 * time.Millisecond}, func(req *reqres.Request, res *reqres.Response) error {
		if migrate.IsShadow(req.Context()) {
			<-req.Context().Done()
		}
		return res.Send("old")
	})
	pair, _ := s.Migration("GET /users/:id")
	if err := pair.Set(migrate.Plan{Stage: migrate.Live}, "test"); err != nil {
		t.Fatal(err)
	}
	s.get(t, "/users/1")
	if shadow := s.ended(t, "crossfade shadow", 1)[0]; !strings.Contains(shadow.Status.Description, "out of time") {
		t.Errorf("the status of the shadow is %+v", shadow.Status)
	}
}

func TestMetrics(t *testing.T) {
	s := newService(t, migrate.ShadowConfig{Sample: -1}, quick)
	reader := sdkmetric.NewManualReader()
	registration, err := migrateotel.Register(sdkmetric.NewMeterProvider(sdkmetric.WithReader(reader)).Meter("test"), s.Migrations())
	if err != nil {
		t.Fatal(err)
	}
	collect := func() map[string]float64 {
		t.Helper()
		var all metricdata.ResourceMetrics
		if err := reader.Collect(t.Context(), &all); err != nil {
			t.Fatal(err)
		}
		values := map[string]float64{}
		for _, scope := range all.ScopeMetrics {
			for _, m := range scope.Metrics {
				switch data := m.Data.(type) {
				case metricdata.Sum[int64]:
					for _, p := range data.DataPoints {
						values[m.Name+" "+p.Attributes.Encoded(attribute.DefaultEncoder())] = float64(p.Value)
					}
				case metricdata.Gauge[float64]:
					for _, p := range data.DataPoints {
						values[m.Name+" "+p.Attributes.Encoded(attribute.DefaultEncoder())] = p.Value
					}
				}
			}
		}
		return values
	}
	before := collect()
	pair, _ := s.Migration("GET /users/:id")
	if err := pair.Set(migrate.Plan{Stage: migrate.New}, "test"); err != nil {
		t.Fatal(err)
	}
	s.get(t, "/users/"+secret)
	s.ended(t, "request", 1)
	pair.Kill(secret, secret)
	after := collect()
	if len(before) != len(after) || len(before) < 60 {
		t.Errorf("%d series at first, %d later", len(before), len(after))
	}
	for series, want := range map[string]float64{
		"crossfade.requests crossfade.pair=GET /users/:id,outcome=answered,side=new": 1,
		"crossfade.requests crossfade.pair=GET /users/:id,outcome=failed,side=new":   0,
		"crossfade.held by=kill,crossfade.pair=GET /users/:id":                       1,
		"crossfade.held by=trip,crossfade.pair=GET /users/:id":                       0,
		"crossfade.kills crossfade.pair=GET /users/:id":                              1,
		"crossfade.stage crossfade.pair=GET /users/:id,stage=old":                    1,
		"crossfade.plan.version crossfade.pair=GET /users/:id":                       0,
	} {
		if got, there := after[series]; !there || got != want {
			t.Errorf("%s is %v (there: %v), want %v", series, got, there, want)
		}
	}
	for series := range after {
		if strings.Contains(series, secret) {
			t.Errorf("a series is %q", series)
		}
	}
	if err := registration.Unregister(); err != nil {
		t.Error(err)
	}
	if left := collect(); len(left) > 0 {
		t.Errorf("after Unregister there are %d series", len(left))
	}
}

func Example() {
	spans := migrateotel.NewSpans(sdktrace.NewTracerProvider().Tracer("shop"))
	mux, err := adapt.New(func(r *adapt.Routes) {
		r.OnEnd(spans.OnEnd)
		shadow := migrate.ShadowConfig{Detach: spans.Detach}
		r.Scope(adapt.Scope{Migration: migrate.Config{Shadow: shadow}}, func(r *adapt.Routes) {
			r.Migrate("GET", "/users/:id", quick, func(*fetch.Request) (*fetch.Response, error) { return fetch.Text("new") })
		})
	})
	if err != nil {
		panic(err)
	}
	spans.Describe(mux.Routes())
	meter := sdkmetric.NewMeterProvider().Meter("shop")
	_, err = migrateotel.Register(meter, mux.Migrations())
	fmt.Println(err)
	// Output: <nil>
}
