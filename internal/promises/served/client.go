package served

// What a client sees of an answer.

import (
	"io"
	"net/http"
	"net/http/httptest"
)

// ClientSees asks for a target and returns what a client sees, an error where the answer is broken.
func ClientSees(s *httptest.Server, method, target string) (Answer, error) {
	req, err := http.NewRequest(method, s.URL+target, nil)
	if err != nil {
		return Answer{}, err
	}
	res, err := s.Client().Do(req)
	if err != nil {
		return Answer{}, err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	res.Header.Del("Date")
	return Answer{res.StatusCode, res.Header, string(body)}, err
}
