package work

import "net/http"

// Typed is the workloads of endpoints whose input is a value: a search with a path parameter, two numbers, a
// list and a header, and an order with a path parameter, a number and the body of "JSON POST". Both answer JSON.
var Typed = []Workload{
	{Name: "search", Ask: always(Request{"GET", "/shops/7/orders?limit=20&after=22&tag=a&tag=b", http.Header{"X-Tenant": {"acme"}}, nil})},
	{Name: "order", Ask: always(Request{"POST", "/shops/7/orders?copies=2", http.Header{"Content-Type": {"application/json"}}, OrderJSON})},
}

// Copies is the receipt for an order of so many copies.
func (o *Order) Copies(shop string, n int) Receipt {
	r := o.Total()
	r.Customer += "@" + shop
	r.Cents *= n
	return r
}
