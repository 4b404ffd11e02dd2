# The tests of contrib/migrateprom have their rules checked by promtool.
.ci/need promtool:prometheus
