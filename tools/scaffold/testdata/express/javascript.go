package main

// What JavaScript has and translations need.

// optional is the first of the values, nil where there is none: undefined or null in JavaScript.
func optional(values []string) *string {
	if len(values) == 0 {
		return nil
	}
	return &values[0]
}
