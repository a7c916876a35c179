"""Share the loopback vendor and the clients of unit tests with tests that use sockets in earnest."""

from tests.unit.esign_core.conftest import bench, mode, open_bench, vendor

__all__ = ["bench", "mode", "open_bench", "vendor"]
