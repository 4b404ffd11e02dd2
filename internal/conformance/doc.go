// Package conformance holds no code, only tests: it runs the cases that were taken from the
// references (Express, Next.js, the Fetch Standard) and gives each of them a fate. README.md says
// how to read the score, how to add a reference and how to run cases that are not in testdata.
package conformance
