"""The ways to run a network. Each is imported only when it is used."""

import sys

# With its telemetry OpenVINO forks a process that reports to its makers each time that it reads a
# graph: a show reports to nobody, and a fork beside running threads may stand still for ever.
sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]
