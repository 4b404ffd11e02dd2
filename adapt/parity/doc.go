// Package parity compares two recorded answers to one request and says where and how they differ.
//
// It is the judge of a migration: the old handler and the new one answer the same request, in a
// test (package paritytest) or in a shadow run (package migrate), and [Compare] tells whether a
// client can notice which of them did.
//
//	report := parity.Compare(old, next, parity.Rules{Ignore: []string{"body.debug"}})
//	if !report.Equal() {
//		fmt.Println(report)
//	}
//
// # What is compared
//
// Parts are compared by their own grammar, because two programs rarely write the same bytes:
//
//   - The status, and whether and how an answer broke ([Message.Err]).
//   - Header fields and trailers: Vary, Allow, Cache-Control, Link and the Access-Control lists as
//     sets, Content-Type as a media type, dates as instants, Location resolved, one list on several
//     lines as one list; other fields as text.
//   - Cookies by name, domain and path, attribute by attribute.
//   - JSON as a tree: order of members, white space and escapes mean nothing; numbers are exact, so
//     that 1, 1.0 and 1e0 are one number and 9007199254740993 and 9007199254740992 are two; null,
//     absent, [], {} and "" are five things; another order of an array is one difference, not one
//     per element.
//   - Event streams event by event, lines of JSON line by line, other text as text, the rest as
//     bytes. gzip and deflate are taken off first.
//
// # What is forgiven without a rule
//
//   - The values, not the presence, of Date, Age, Server-Timing and the identifiers of requests and
//     traces (X-Request-Id, Traceparent, B3, Cf-Ray and their like). A field of your own with that
//     property belongs in Rules.Shape, and Rules.Exact takes a field out.
//   - Content-Length, Transfer-Encoding, Connection, Keep-Alive, Proxy-Connection and Trailer,
//     which follow from the body and the connection.
//   - The values of ETag and Last-Modified where the bodies differ in bytes, which these follow
//     from; not whether an ETag is weak.
//   - Cookie values of the same shape, and Expires less than five seconds apart.
//   - The boundary of a multipart type.
//
// [Rules.Exact] takes any of this back.
//
// # Paths
//
// Rules name places by paths, and a difference prints the path it was found at, so that one can be
// pasted into the other:
//
//	status                      error                    the two that are not inside anything
//	header.etag                 trailer.x-checksum       names in any letter case
//	cookie.sid                  cookie.sid.httponly      a cookie, its value or an attribute
//	body                        body.user.name           a member
//	body.items[3].price         body.items[*].price      an element, any element
//	body.byEmail.*.age          body.**.updatedAt        any member, any depth (also none)
//	body["a.b"]                 body[2].data.id          an odd name (a Go string), an event's data
//
// A path matches whole segments, never a part of a name: body.id does not hold for
// body.idempotency. A path that cannot be read is an error of [Rules.Validate] and a difference of
// kind [KindBadRule]; a rule whose place is in neither answer is listed in [Report.Stale]. A rule
// that does nothing is never silent.
//
// # Noise
//
// A difference between two answers of the old handler itself is noise: [Learn] finds it, and
// [Rules].Noise lets its places be compared by shape instead of leaving them out, so that an
// identifier that is empty, or a time in another format, is still found.
//
// # Bounds and privacy
//
// Compare runs in production on whatever handlers answer: it never panics, it uses no reflection,
// no clock and no randomness, and its work, memory and report are bounded. Equal bytes are equal at
// any size; bodies beyond 8 MiB, a million values or 500 levels are otherwise not read as JSON but
// compared as bytes, and the difference is of kind [KindLimit].
//
// A report shows values. [Report.Redacted] has places, kinds and types only; names that may be
// data, such as keys of maps, are replaced by wildcards. That is a guess from the name (a short
// word with hardly a digit stays), so names of members that are words, such as user names as keys
// of a small object, are not recognised as data.
//
// # Equality
//
// Compare(x, x) is equal; swapping the sides changes no verdict, swaps [KindMissing] with
// [KindExtra] and leaves all other kinds alone. Without tolerances (Within, and what may drift by
// default) equality of bodies is transitive.
package parity
