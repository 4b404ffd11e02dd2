package fetch

// Bodies as options, for NewRequest, Derive and NewResponse: what may stand as the body of `new
// Request` and `new Response` in JavaScript, each with the Content-Type that it brings along unless
// a header says otherwise (Fetch Standard, "extract a body").

import (
	"bytes"
	"io"

	"github.com/crossfade-go/crossfade/internal/form"
	"github.com/crossfade-go/crossfade/internal/jsontext"
)

// Body is a body of bytes, which have no Content-Type. They are copied.
func Body(b []byte) RequestOption { return RequestOption{kind: reqBody, bytes: b} }

// BlobBody is a body of bytes with a Content-Type: text/plain;charset=UTF-8 for what is a string in
// JavaScript, application/x-www-form-urlencoded;charset=UTF-8 for the String of Params.
func BlobBody(b []byte, mediaType string) RequestOption {
	return RequestOption{kind: reqBody, bytes: b, value: mediaType}
}

// JSONBody is the JSON of v as a body, of the type application/json.
func JSONBody(v any) RequestOption {
	b, err := jsontext.Marshal(v)
	if err != nil {
		return RequestOption{kind: reqFailed, err: err}
	}
	return RequestOption{kind: reqBody, bytes: b, value: "application/json"}
}

// FormBody is a form as a body of the type multipart/form-data, with a random boundary. The form
// and its files are read at once.
func FormBody(f *Form) RequestOption {
	var b bytes.Buffer
	boundary := form.NewBoundary()
	if err := form.EncodeMultipart(&b, boundary, f.Entries()); err != nil {
		return RequestOption{kind: reqFailed, err: err}
	}
	return RequestOption{kind: reqBody, bytes: b.Bytes(), value: "multipart/form-data; boundary=" + boundary}
}

// StreamBody is a body that is read from src as it is needed. It has no Content-Type.
func StreamBody(src io.Reader) RequestOption { return RequestOption{kind: reqStream, stream: src} }
