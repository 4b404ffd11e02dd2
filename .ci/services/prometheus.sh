# The tests of contrib/migrateprom have their rules checked by promtool, and are scraped by a Prometheus of their own.
.ci/need prometheus
