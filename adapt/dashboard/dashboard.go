package dashboard

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"sync"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/internal/door"
)

// Level is what somebody may do on the page. Each includes those before. The zero value is None.
type Level uint8

const (
	None  Level = iota // nothing: the answer is a 404, as if there were no page
	Read               // see everything but values
	Lower              // kill, and lower what new serves
	Raise              // raise it, reset after a kill or a trip, and see the values that a pair keeps
)

// name returns the level as JSON has it: none, read, lower or raise.
func (l Level) name() string { return [...]string{"none", "read", "lower", "raise"}[min(l, Raise)] }

// Config says who may see the page, and what has to be known before new serves more.
type Config struct {
	// Authorize says who asks, for the record, and what they may do. It is asked at every request,
	// and every three seconds of a page that stays open. Nil shows nothing to anybody, and the log
	// says so. Who has no name may not act, whatever the level.
	Authorize func(r *http.Request) (by string, level Level)
	// Title stands above the page, such as the name of the service. Default "Migrations".
	Title string
	// Evidence is what the verdict asks for.
	Evidence Evidence
	// Memory bounds the bytes of the measurements that are kept; 0 means 8 MiB. That is a quarter
	// of an hour, second by second, of 200 pairs; of more pairs the steps are longer.
	Memory int
}

// New returns the page, for Routes.Mount. The mux in which it is mounted tells it so, and is looked
// at every second until Mux.Shutdown; mounted in no mux, or in a second one, it is a mistake.
func New(c Config) http.Handler {
	if c.Title == "" {
		c.Title = "Migrations"
	}
	if c.Memory <= 0 {
		c.Memory = 8 << 20
	}
	c.Evidence = c.Evidence.withDefaults()
	return &dashboard{Config: c, origins: http.NewCrossOriginProtection()}
}

type dashboard struct {
	Config
	origins *http.CrossOriginProtection

	mu sync.Mutex
	w  *watch
}

var errTwice = errors.New("dashboard: this page is mounted already; make one with New for each mux")

// Watch is called by the mux.
func (d *dashboard) Watch(key door.Of, m *adapt.Mux) (stop func(), err error) {
	key.Open()
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.w != nil {
		return nil, errTwice
	}
	if d.Authorize == nil {
		inAdapt.Logger(m).Warn("dashboard: Config.Authorize is nil, so the page answers 404 to everybody")
	}
	d.w = newWatch(m, d.Config)
	return d.w.end, nil
}

// visit is one request of somebody who may see the page.
type visit struct {
	*dashboard
	*watch
	w     http.ResponseWriter
	r     *http.Request
	by    string
	level Level
}

func (d *dashboard) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	v := visit{dashboard: d, w: w, r: r}
	h := w.Header()
	for _, header := range headers {
		h.Set(header[0], header[1])
	}
	d.mu.Lock()
	v.watch = d.w
	d.mu.Unlock()
	if d.Authorize != nil {
		v.by, v.level = d.Authorize(r)
	}
	switch {
	case v.level == None || v.level > Raise:
		v.fail(http.StatusNotFound, "Not Found")
	case v.watch == nil:
		v.fail(http.StatusInternalServerError, "this page is mounted in no mux: register it with r.Mount")
	default:
		v.serve()
	}
}

func (v visit) serve() {
	path := strings.TrimPrefix(v.r.URL.Path, "/")
	post := v.r.Method == http.MethodPost
	switch {
	case !post && v.r.Method != http.MethodGet && v.r.Method != http.MethodHead:
		v.w.Header().Set("Allow", "GET, HEAD, POST")
		v.fail(http.StatusMethodNotAllowed, "Method Not Allowed")
	case post && v.origins.Check(v.r) != nil:
		v.fail(http.StatusForbidden, "this request comes from the page of another site")
	case path == "v1/act" && post:
		v.act()
	case path == "v1/verdict":
		v.verdict()
	case post || path == "v1/act":
		v.fail(http.StatusMethodNotAllowed, "only v1/act and v1/verdict take a POST, and v1/act nothing else")
	case path == "v1/state":
		v.reply(http.StatusOK, v.state(v))
	case path == "v1/pair":
		v.one()
	case path == "v1/endpoints":
		v.reply(http.StatusOK, v.endpoints())
	case path == "v1/left.md":
		v.left()
	case path == "v1/audit":
		v.reply(http.StatusOK, v.audited())
	case path == "v1/live":
		v.live()
	default:
		v.file(path)
	}
}

// headers of every answer. Scripts and styles are files of ours; nothing is inline, nothing is
// framed, and what comes from elsewhere cannot become markup.
var headers = [][2]string{
	{"Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; " +
		"base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"},
	{"X-Content-Type-Options", "nosniff"},
	{"X-Frame-Options", "DENY"},
	{"Referrer-Policy", "same-origin"},
	{"Cross-Origin-Opener-Policy", "same-origin"},
	{"Cross-Origin-Resource-Policy", "same-origin"},
	{"Cache-Control", "no-store"},
}

// version is that of the JSON: it grows when a member goes or changes its meaning, not when one
// comes.
const version = 1

// refusal is the answer to what is not done.
type refusal struct {
	status  int
	Text    string   `json:"error"`
	Reasons []reason `json:"reasons,omitempty"`
}

func (r *refusal) Error() string { return r.Text }

func (v visit) fail(status int, text string) { v.reply(status, refusal{Text: text}) }

func (v visit) reply(status int, body any) {
	text, err := json.Marshal(body)
	if err != nil { // a number that JSON has no words for: a mistake of ours
		status, text = http.StatusInternalServerError, []byte(`{"error":"Internal Server Error"}`)
	}
	v.w.Header().Set("Content-Type", "application/json")
	v.w.WriteHeader(status)
	_, _ = v.w.Write(append(text, '\n'))
}
