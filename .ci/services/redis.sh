# The tests of contrib/planredis start servers of their own; they need only the program.
.ci/need redis-server
