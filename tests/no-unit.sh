#!/bin/sh
# Stands in for the unit tests where configure has left them out.
echo "no unit tests: libcmocka-dev was not here when this was configured"
exit 77
