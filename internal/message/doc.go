// Package message holds what both handler shapes say in the same words: the
// error type, the limits, the events, and Exchange, the record of one request
// and its answer that package adapt hands to either shape.
//
// The public packages re-export its types by alias, so that a service layer
// can return one *Error for both shapes, and so that a conversion from one
// shape to the other hands over the same exchange, not a copy of its parts.
package message
