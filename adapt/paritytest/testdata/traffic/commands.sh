#!/bin/sh
# what a colleague has pasted
curl 'https://shop.example/accounts/42?expand=tags' \
  -H 'accept: application/json' \
  -b 'sid=s1; lang=en' \
  --compressed --insecure
curl -sSL -XPUT "https://shop.example/accounts/7" -H "Content-Type: application/json" --data-raw $'{"name":"it\'s \u00fc\\n"}'; curl -I shop.example/accounts/9
curl --json '{"a":1}' http://shop.example/accounts && curl -G -d q=a -d page=2 --data-urlencode 'name=a b' http://shop.example/search
curl -u ann:secret -A tester -e https://shop.example/ http://shop.example/me

curl -d @secrets.txt http://shop.example/accounts
curl "http://shop.example/$HOME"
curl -H "Authorization: Bearer $(cat token)" http://shop.example/me
wget http://shop.example/x
curl --frobnicate http://shop.example/x
curl -F photo=@a.png http://shop.example/photos
curl http://shop.example/last'
